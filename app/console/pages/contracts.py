"""The lists of contracts: filters live in the address, the server pages (H8)."""

from typing import Any

from flask import Response, request

from app.console.answers import zip_answer
from app.console.pages.blueprint import blueprint
from app.console.pages.web import day, find_id, is_htmx, part, show
from app.contracts.documents import read_signed_archive
from app.contracts.queries import count_boxes, list_contracts, list_initiators
from app.contracts.search import Search
from app.http.context import current_actor, providers
from app.organisations.service import get_organisation

PAGE = 15
FILTERS = ("text", "status", "kind", "created_by", "sent_from", "sent_to")


@blueprint.get("/contracts/archive")
def download_archive() -> Response:
    """The ticked contracts of the page as one zip (H10)."""
    ids = [found for value in request.args.getlist("ids") if (found := find_id(value))]
    data = read_signed_archive(actor=current_actor(), contract_ids=ids, blobs=providers().blobs)
    return zip_answer(data)


@blueprint.get("/contracts")
def show_contracts() -> Response:
    actor, box = current_actor(), request.args.get("box", "all")
    organisation = get_organisation(actor=actor)
    filters = {name: request.args.get(name, "").strip() for name in FILTERS}
    search = Search(
        text=filters["text"][:100], status=filters["status"], kind=filters["kind"],
        created_by=find_id(filters["created_by"]), sent_from=day(filters["sent_from"]),
        sent_to=day(filters["sent_to"], end=True),
    )  # fmt: skip
    cursor = find_id(request.args.get("cursor", ""))
    page = list_contracts(actor=actor, box=box, search=search, cursor=str(cursor) if cursor else None, limit=PAGE)
    values: dict[str, Any] = {
        "box": box, "filters": filters, "filtered": any(filters.values()), "page": page,
        "counts": count_boxes(actor=actor), "is_first": cursor is None, "found": organisation,
        "operator_permissions": actor.permissions, "initiators": list_initiators(actor=actor),
    }  # fmt: skip
    if is_htmx():
        return part("console/partials/contract_list.html", **values)
    return show("console/contracts.html", "contracts", **values)
