"""Onboarding: agree, fill in, submit, decline; one's own data later (K3, K7).

Answers to POSTs are kept for two days, so that none holds what was typed.
"""

import uuid
from typing import Any

from flask_babel import gettext

from app.core.clock import in_shanghai
from app.http.api import ApiBlueprint
from app.http.context import current_actor
from app.http.language import language
from app.http.verification_methods import document_name
from app.people.forms import typed_part
from app.people.lifecycle import WAITING_FOR_WORKER, Action, Status
from app.people.queries import OnboardingCard, list_onboardings
from app.people.service.filling import (
    OwnOnboarding,
    agree_to_onboarding,
    decline_onboarding,
    get_own_onboarding,
    save_onboarding_draft,
    submit_onboarding,
)
from app.worker_api.onboarding_schemas import (
    AgreementToNoticeSchema,
    OnboardingListQuerySchema,
    OnboardingPageSchema,
    OnboardingSchema,
    TypedOnboardingSchema,
)

blueprint = ApiBlueprint("worker_onboardings", __name__, url_prefix="/api/v1/worker", description="劳动者：入职登记")

STATUS_TEXTS = {
    Status.INVITED: "待确认",
    Status.FILLING: "填写中",
    Status.REVIEWING: "审核中",
    Status.REJECTED: "待修改",
    Status.ACCEPTED: "已通过",
    Status.WITHDRAWN: "已撤回",
    Status.DECLINED: "已放弃",
    Status.EXPIRED: "已过期",
}
_OWN_ACTIONS = (Action.AGREE, Action.SAVE, Action.SUBMIT, Action.DECLINE)


@blueprint.get("/onboardings")
@blueprint.arguments(OnboardingListQuerySchema, location="query")
@blueprint.response(200, OnboardingPageSchema)
def find_onboardings(query: dict[str, Any]) -> Any:
    """Invitations and what became of them, newest change first."""
    cursor = str(query["cursor"]) if query["cursor"] else None
    page = list_onboardings(actor=current_actor(), cursor=cursor, limit=query["limit"])
    return {"items": [dump_onboarding_card(card) for card in page.items], "next_cursor": page.next_cursor}


@blueprint.get("/onboardings/<uuid:onboarding_id>")
@blueprint.response(200, OnboardingSchema)
def get_onboarding(onboarding_id: uuid.UUID) -> Any:
    """All that its pages show."""
    return _dump(get_own_onboarding(actor=current_actor(), onboarding_id=onboarding_id))


@blueprint.post("/onboardings/<uuid:onboarding_id>/agreement")
@blueprint.arguments(AgreementToNoticeSchema)
@blueprint.response(204)
def agree(body: dict[str, Any], onboarding_id: uuid.UUID) -> None:
    """This is my employer, and I have read the notice."""
    agree_to_onboarding(actor=current_actor(), onboarding_id=onboarding_id, **body)


@blueprint.put("/onboardings/<uuid:onboarding_id>/draft")
@blueprint.arguments(TypedOnboardingSchema)
@blueprint.response(204)
def save(body: dict[str, Any], onboarding_id: uuid.UUID) -> None:
    """What was typed so far, in place of what was typed before."""
    save_onboarding_draft(actor=current_actor(), onboarding_id=onboarding_id, typed=body)


@blueprint.post("/onboardings/<uuid:onboarding_id>/submission")
@blueprint.arguments(TypedOnboardingSchema)
@blueprint.response(204)
def submit(body: dict[str, Any], onboarding_id: uuid.UUID) -> None:
    """Everything, for the employer's review; 422 names each field that is missing or wrong."""
    submit_onboarding(actor=current_actor(), onboarding_id=onboarding_id, typed=body)


@blueprint.post("/onboardings/<uuid:onboarding_id>/declination")
@blueprint.response(204)
def decline(onboarding_id: uuid.UUID) -> None:
    """Not with me: ends it and deletes what was typed."""
    decline_onboarding(actor=current_actor(), onboarding_id=onboarding_id)


def dump_onboarding_card(card: OnboardingCard) -> dict[str, Any]:
    """`OnboardingCardSchema`."""
    row, waiting = card.onboarding, card.onboarding.status in WAITING_FOR_WORKER
    return {
        "id": row.id,
        "organisation": card.organisation,
        "status": row.status,
        "status_text": gettext(STATUS_TEXTS[Status(row.status)]),
        "waiting_for_me": card.waiting_for_me,
        "invited_at": in_shanghai(row.invited_at),
        "updated_at": in_shanghai(row.updated_at),
        "expires_at": in_shanghai(row.expires_at) if waiting else None,
    }


def _dump(own: OwnOnboarding) -> dict[str, Any]:
    row = own.onboarding
    card = OnboardingCard(row, own.organisation, row.status in WAITING_FOR_WORKER)
    return dump_onboarding_card(card) | {
        "reason": row.reason or None,
        "notice": _dump_notice(own),
        "agreed_at": row.agreed_at and in_shanghai(row.agreed_at),
        "submitted_at": row.submitted_at and in_shanghai(row.submitted_at),
        "verified": _dump_verified(own.verified),
        "draft": own.draft,
        "form": typed_part(own.form) or None,
        "corrections": [
            {"field": one.field, "before": one.before, "after": one.after, "by": one.by, "at": in_shanghai(one.at)}
            for one in own.corrections
        ],
        "actions": [action for action in _OWN_ACTIONS if row.allows(action)],
    }


def _dump_notice(own: OwnOnboarding) -> dict[str, str]:
    notice, english = own.notice, language() == "en"
    return {
        "version": notice.version, "sha256": notice.sha256, "title": notice.title_en if english else notice.title_zh,
        "text": notice.text_en if english else notice.text_zh,
    }  # fmt: skip


def _dump_verified(verified: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": verified["name"], "id_type": verified["id_type"], "id_type_text": document_name(verified["id_type"]),
        "id_number_masked": verified["id_number"], "phone_masked": verified["phone"], "sex": verified["sex"],
    }  # fmt: skip
