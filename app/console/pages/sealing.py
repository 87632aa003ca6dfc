"""Sign with the organisation's seal: choose it, see it at its place, prove will, submit (B6, H7)."""

import uuid
from typing import Any

from flask import Response, request, url_for

from app.console.api.verification import face_way
from app.console.operator import load_operator
from app.console.pages.blueprint import blueprint
from app.console.pages.web import find_id, go, is_htmx, part, show, typed, typed_id
from app.contracts.queries import get_contract, own_party, step_of
from app.contracts.service.signing import get_intent, prove_intent, resend_intent, seal_contract, start_intent
from app.core.actor import Actor
from app.http.context import current_actor, providers, settings
from app.http.faces import face_page, face_qr
from app.http.offers import check_offered
from app.http.verification_methods import pc_vendors
from app.identity.consents import give_consent, list_consents
from app.identity.texts import get_text
from app.seals.service import list_seals
from app.signing.errors import IntentNotProved
from app.signing.intents import IntentView, prove_intent_pin
from app.signing.personal_certificates import get_own_certificate


@blueprint.get("/contracts/<uuid:contract_id>/seal")
def show_sealing(contract_id: uuid.UUID) -> Response:
    """Only when it is our turn; else the contract's own page says why not."""
    actor = current_actor()
    contract = get_contract(actor=actor, contract_id=contract_id)
    if step_of(actor, contract) != "sign":
        return go(url_for("console.show_contract", contract_id=contract_id))
    chosen = own_party(contract, actor).seal_id
    seals = [seal for seal in list_seals(actor=actor) if seal.revoked_at is None]
    seals.sort(key=lambda seal: seal.id != chosen)  # the draft's choice first, then as they come: the default
    given = {consent.kind for consent in list_consents(actor=actor) if consent.is_current}
    return show(
        "console/sealing.html", "contracts", load_operator(actor), contract=contract, seals=seals, chosen=chosen,
        chosen_is_gone=chosen is not None and chosen not in [seal.id for seal in seals],
        face_text=None if "face_consent" in given else get_text("face_consent"), vendors=pc_vendors(),
        pin_ready="certificate_agreement" in given and _has_pin(actor), **_shown(_find_intent(), contract_id),
    )  # fmt: skip


@blueprint.post("/contracts/<uuid:contract_id>/intents")
def begin_intent(contract_id: uuid.UUID) -> Response:
    """Send the code, or show the face check's address."""
    if typed("face_consent") and typed("method") == "face":
        give_consent(actor=current_actor(), kind="face_consent", version=typed("face_consent"))
    check_offered(typed("method"), settings().intent_methods)
    intent = start_intent(
        actor=current_actor(), contract_id=contract_id, method=typed("method"), content_sha256=typed("content_sha256"),
        way=face_way(typed("provider")), faces=providers().faces,
    )  # fmt: skip
    return _answer(intent, contract_id)


@blueprint.post("/contracts/<uuid:contract_id>/intents/<uuid:intent_id>/resend")
def resend_intent_code(contract_id: uuid.UUID, intent_id: uuid.UUID) -> Response:
    intent = resend_intent(actor=current_actor(), intent_id=intent_id)
    return part("kit/partials/code_sent.html", sent=intent) if is_htmx() else _answer(intent, contract_id)


@blueprint.get("/contracts/<uuid:contract_id>/intents/<uuid:intent_id>/state")
def follow_intent(contract_id: uuid.UUID, intent_id: uuid.UUID) -> Response:
    """Polled while the operator stands before the camera; the server asks the vendor."""
    intent = get_intent(actor=current_actor(), intent_id=intent_id, faces=providers().faces)
    if not is_htmx():
        return _answer(intent, contract_id)
    if intent.status == "waiting":
        return Response(status=204)  # nothing new: the page stays as it is
    template = "face_passed" if intent.status == "proved" else "face_over"
    reason = intent.face.reason if intent.face is not None else None
    return part(f"console/partials/{template}.html", 286, reason=reason)  # 286: htmx polls no more


@blueprint.post("/contracts/<uuid:contract_id>/seal")
def seal(contract_id: uuid.UUID) -> Response:
    """Type the code, press once: will is proved and spent. A proof that succeeded is kept for another try."""
    if not typed("challenge_id"):
        raise IntentNotProved
    actor, challenge_id = current_actor(), typed_id("challenge_id")
    intent = get_intent(actor=actor, intent_id=challenge_id, faces=providers().faces)
    if intent.status == "code_sent":
        prove_intent(actor=actor, intent_id=challenge_id, code=typed("code"))
    elif intent.status == "enter_pin":
        prove_intent_pin(actor=actor, intent_id=challenge_id, pin=typed("pin"))
    seal_contract(
        actor=actor, contract_id=contract_id, challenge_id=challenge_id, content_sha256=typed("content_sha256"),
        seal_id=typed_id("seal_id"),
    )  # fmt: skip
    return go(url_for("console.show_contract", contract_id=contract_id, done="sealed"))


def _has_pin(actor: Actor) -> bool:
    """Whether the certificate PIN could be typed now."""
    if actor.person_id is None:
        return False
    certificate = get_own_certificate(actor=actor)
    return certificate.status == "active" and not certificate.pin_locked


def _find_intent() -> IntentView | None:
    """The proof in the address, so that a reload shows it again."""
    intent_id = find_id(request.args.get("proof", ""))
    return get_intent(actor=current_actor(), intent_id=intent_id, faces=providers().faces) if intent_id else None


def _shown(intent: IntentView | None, contract_id: uuid.UUID) -> dict[str, Any]:
    face = intent.face if intent is not None else None
    return {"intent": intent, "face_page": face_page(face), "qr": face_qr(face), "contract_id": contract_id}


def _answer(intent: IntentView, contract_id: uuid.UUID) -> Response:
    url = url_for("console.show_sealing", contract_id=contract_id, proof=intent.id)
    if not is_htmx():
        return go(url)
    response = part("console/partials/proof.html", **_shown(intent, contract_id))
    response.headers["HX-Replace-Url"] = url
    return response
