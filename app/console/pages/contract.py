"""One contract: its pages, parties, messages, history, and what can be done with it (H5, H6, H10, H11)."""

import io
import uuid

from flask import Response, send_file, url_for

from app.console.pages.blueprint import blueprint
from app.console.pages.web import go, is_htmx, show, typed
from app.contracts.documents import read_signed_file
from app.contracts.employer_side import get_employer_side
from app.contracts.lifecycle import Action
from app.contracts.queries import get_contract, list_initiators, step_of
from app.contracts.reminders import get_reminders
from app.contracts.service.drafting import TERM_KEYS
from app.contracts.service.reminding import resend_link, urge_worker
from app.contracts.service.sending import withdraw_contract
from app.contracts.trail import get_timeline
from app.http.context import current_actor, providers


@blueprint.get("/contracts/<uuid:contract_id>")
def show_contract(contract_id: uuid.UUID) -> Response:
    """A draft opens in the wizard."""
    actor = current_actor()
    contract = get_contract(actor=actor, contract_id=contract_id)
    if contract.allows(Action.EDIT):
        return go(url_for("console.describe_draft", contract_id=contract_id))
    initiators = {one.account_id: one.name for one in list_initiators(actor=actor)}
    return show(
        "console/contract.html", "contracts", contract=contract, step=step_of(actor, contract),
        timeline=get_timeline(actor=actor, contract_id=contract_id), term_keys=TERM_KEYS,
        may_withdraw=contract.allows(Action.WITHDRAW), reminders=get_reminders(actor=actor, contract_id=contract_id),
        initiator=initiators.get(contract.created_by, ""), side=get_employer_side(actor=actor, contract=contract),
    )  # fmt: skip


@blueprint.get("/contracts/<uuid:contract_id>/progress")
def follow_contract(contract_id: uuid.UUID) -> Response:
    """Polled while signatures are being written into the file; leads to the page when that is done."""
    actor = current_actor()
    if step_of(actor, get_contract(actor=actor, contract_id=contract_id)) == "sealing" and is_htmx():
        return Response(status=204)  # nothing new: the page stays as it is
    return go(url_for("console.show_contract", contract_id=contract_id))


@blueprint.post("/contracts/<uuid:contract_id>/withdrawal")
def withdraw(contract_id: uuid.UUID) -> Response:
    withdraw_contract(actor=current_actor(), contract_id=contract_id, reason=typed("reason"))
    return go(url_for("console.show_contract", contract_id=contract_id, done="withdrawn"))


@blueprint.post("/contracts/<uuid:contract_id>/link")
def send_link_again(contract_id: uuid.UUID) -> Response:
    resend_link(actor=current_actor(), contract_id=contract_id, link_url=providers().link_url)
    return go(url_for("console.show_contract", contract_id=contract_id, done="link_resent"))


@blueprint.post("/contracts/<uuid:contract_id>/urging")
def urge(contract_id: uuid.UUID) -> Response:
    urge_worker(actor=current_actor(), contract_id=contract_id, link_url=providers().link_url)
    return go(url_for("console.show_contract", contract_id=contract_id, done="urged"))


@blueprint.get("/contracts/<uuid:contract_id>/file")
def download_contract(contract_id: uuid.UUID) -> Response:
    contract, data = read_signed_file(actor=current_actor(), contract_id=contract_id, blobs=providers().blobs)
    name = f"{contract.title}-{contract.number}.pdf"
    response = send_file(io.BytesIO(data), "application/pdf", as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/contracts/<uuid:contract_id>/print")
def print_contract(contract_id: uuid.UUID) -> Response:
    """All pages on paper; the signed PDF stays the original."""
    contract = get_contract(actor=current_actor(), contract_id=contract_id)
    return show("console/print.html", "contracts", contract=contract)
