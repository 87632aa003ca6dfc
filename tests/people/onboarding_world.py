"""Steps of an onboarding, as tests put them together."""

from typing import Any

from app.people.models import Onboarding
from app.people.notice import notice_for
from app.people.service.filling import agree_to_onboarding, get_own_onboarding, submit_onboarding
from app.people.service.inviting import invite_worker
from app.people.service.reviewing import accept_onboarding, get_review, reject_onboarding
from tests.contracts.world import HOME, World
from tests.factories import Employer, Worker

FORM: dict[str, Any] = {
    "sex": "female", "registered_residence": HOME, "residence": HOME, "education": "bachelor", "school": "吉林大学",
    "graduated_in": 2012, "emergency_name": "王芳", "emergency_relation": "sibling", "emergency_phone": "13700000001",
}  # fmt: skip


def invite(world: World, employer: Employer, worker: Worker, days: int = 7) -> Onboarding:
    return invite_worker(
        actor=employer.actor, name=worker.name, phone=worker.phone, days=days, link_url=world.providers.link_url
    )


def agree(worker: Worker, onboarding: Onboarding) -> Onboarding:
    own = get_own_onboarding(actor=worker.actor, onboarding_id=onboarding.id)
    assert own.notice == notice_for(own.organisation)
    return agree_to_onboarding(
        actor=worker.actor, onboarding_id=onboarding.id, notice_sha256=own.notice.sha256
    )  # fmt: skip


def submit(worker: Worker, onboarding: Onboarding, **changes: Any) -> Onboarding:
    return submit_onboarding(actor=worker.actor, onboarding_id=onboarding.id, typed=FORM | changes)


def submitted(world: World, employer: Employer, worker: Worker) -> Onboarding:
    onboarding = invite(world, employer, worker)
    agree(worker, onboarding)
    return submit(worker, onboarding)


def reject(world: World, employer: Employer, onboarding: Onboarding, reason: str = "户籍地址不完整") -> Onboarding:
    return reject_onboarding(
        actor=employer.actor, onboarding_id=onboarding.id, reason=reason, form_version=_version(employer, onboarding),
        link_url=world.providers.link_url,
    )  # fmt: skip


def accept(world: World, employer: Employer, onboarding: Onboarding) -> Onboarding:
    return accept_onboarding(
        actor=employer.actor, onboarding_id=onboarding.id, form_version=_version(employer, onboarding),
        link_url=world.providers.link_url,
    )  # fmt: skip


def _version(employer: Employer, onboarding: Onboarding) -> int:
    return get_review(actor=employer.actor, onboarding_id=onboarding.id).onboarding.form_version
