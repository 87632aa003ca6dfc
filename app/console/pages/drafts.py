"""The wizard: upload, describe, place, look through, send (G1, G3). The draft on the server is its memory."""

import uuid
from datetime import timedelta

from flask import Response, request, url_for

from app.console.api.dumps import dump_place
from app.console.pages.blueprint import blueprint
from app.console.pages.web import day, go, show, typed, typed_id
from app.contracts.employer_side import get_employer_side
from app.contracts.queries import own_party
from app.contracts.service.drafting import (
    TERM_KEYS,
    copy_contract,
    create_draft,
    discard_draft,
    get_draft,
    update_draft,
)
from app.contracts.service.sending import DEFAULT_TIME_TO_SIGN, list_problems, send_contract
from app.core.clock import in_shanghai, now
from app.core.errors import InvalidInput
from app.core.text import normalise_name, normalise_phone
from app.http.context import current_actor, providers, settings
from app.organisations.service import get_organisation
from app.templates.intake import word_support

STEP_OF_FIELD = {"operator_id": "console.describe_draft", "seal_id": "console.describe_draft",
                 "worker_name": "console.describe_draft", "worker_phone": "console.describe_draft",
                 "deadline_at": "console.describe_draft", "places.signature": "console.place_draft",
                 "places.seal": "console.place_draft"}  # fmt: skip


@blueprint.get("/contracts/new")
def new_contract() -> Response:
    found = get_organisation(actor=current_actor())
    return show("console/draft_upload.html", "contracts", word=word_support(), found=found)


@blueprint.post("/contracts/new")
def upload_contract() -> Response:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise InvalidInput(fields={"file": ["请选择要上传的 PDF 或 Word 文件。"]})
    draft = create_draft(actor=current_actor(), filename=upload.filename, data=upload.read(), blobs=providers().blobs)
    return go(url_for("console.describe_draft", contract_id=draft.id))


@blueprint.get("/contracts/<uuid:contract_id>/details")
def describe_draft(contract_id: uuid.UUID) -> Response:
    draft = get_draft(actor=current_actor(), contract_id=contract_id)
    today = in_shanghai(now()).date()
    usual = today + DEFAULT_TIME_TO_SIGN
    last = in_shanghai(draft.deadline_at).date() if draft.deadline_at else usual
    return show(
        "console/draft_details.html", "contracts", draft=draft, worker=draft.parties[0], term_keys=TERM_KEYS,
        last_day=last, today=today, offered=settings().intent_methods,
        side=get_employer_side(actor=current_actor(), contract=draft),
    )  # fmt: skip


@blueprint.post("/contracts/<uuid:contract_id>/details")
def save_details(contract_id: uuid.UUID) -> Response:
    """The worker's name and phone may still be missing: the preview says so."""
    next_day = day(typed("deadline"), end=True)
    if typed("deadline") and next_day is None:
        raise InvalidInput(fields={"deadline": ["请按“年-月-日”选择日期。"]})
    update_draft(
        actor=current_actor(), contract_id=contract_id, title=typed("title"), kind=typed("kind") or None,
        worker_name=typed("worker_name"), worker_phone=typed("worker_phone"),
        terms={key: typed(f"terms.{key}") for key in TERM_KEYS},
        intent_methods=request.form.getlist("intent_methods"), open_check=bool(typed("open_check")),
        deadline_at=next_day - timedelta(seconds=1) if next_day else None,
        copies=copies_of(typed("copies")), operator_id=typed_id("operator_id") if typed("operator_id") else None,
        seal_id=typed_id("seal_id") if typed("seal_id") else None,
    )  # fmt: skip
    return go(url_for("console.place_draft", contract_id=contract_id))


def copies_of(text: str) -> list[dict[str, str]]:
    """`姓名 手机号`, a person a line. Raises InvalidInput naming the line."""
    people = []
    lines = (line.split() for line in text.replace("，", " ").replace(",", " ").splitlines())
    for number, (*names, phone) in enumerate(filter(None, lines), 1):
        try:
            people.append({"name": normalise_name(" ".join(names)), "phone": normalise_phone(phone)})
        except InvalidInput as error:
            told = f"抄送方第 {number} 行有误，请按“姓名 手机号”填写。"
            raise InvalidInput(fields={"copies": [told]}) from error
    return people


@blueprint.get("/contracts/<uuid:contract_id>/places")
def place_draft(contract_id: uuid.UUID) -> Response:
    draft = get_draft(actor=current_actor(), contract_id=contract_id)
    return show(
        "console/draft_places.html", "contracts", draft=draft, places=[dump_place(place) for place in draft.places]
    )


@blueprint.get("/contracts/<uuid:contract_id>/preview")
def preview_draft(contract_id: uuid.UUID) -> Response:
    actor = current_actor()
    draft = get_draft(actor=actor, contract_id=contract_id)
    return show(
        "console/draft_preview.html", "contracts", draft=draft, worker=draft.parties[0],
        problems=list_problems(actor=actor, contract=draft), step_of_field=STEP_OF_FIELD,
        organisation_name=own_party(draft, actor).name, term_keys=TERM_KEYS,
        deadline=draft.deadline_at or now() + DEFAULT_TIME_TO_SIGN,
        side=get_employer_side(actor=actor, contract=draft),
    )  # fmt: skip


@blueprint.post("/contracts/<uuid:contract_id>/sending")
def send_draft(contract_id: uuid.UUID) -> Response:
    send_contract(
        actor=current_actor(), contract_id=contract_id, blobs=providers().blobs, link_url=providers().link_url,
        version=int(typed("version")) if typed("version").isdecimal() else None,
    )  # fmt: skip
    return go(url_for("console.show_contract", contract_id=contract_id, done="sent"))


@blueprint.post("/contracts/<uuid:contract_id>/copies")
def copy_and_resend(contract_id: uuid.UUID) -> Response:
    """Again, as a draft of its own (H5)."""
    copy = copy_contract(actor=current_actor(), contract_id=contract_id)
    return go(url_for("console.describe_draft", contract_id=copy.id, done="copied"))


@blueprint.post("/contracts/<uuid:contract_id>/discarding")
def discard(contract_id: uuid.UUID) -> Response:
    discard_draft(actor=current_actor(), contract_id=contract_id)
    return go(url_for("console.show_contracts", box="draft", done="discarded"))
