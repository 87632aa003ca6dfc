"""An operator, an absent legal representative, and the letter between them."""

import uuid
from dataclasses import dataclass
from typing import Any

from app.authorisations.models import Authorisation
from app.authorisations.queries import get_authorisation
from app.authorisations.service.requesting import request_authorisation
from app.authorisations.service.responding import sign_authorisation, start_authorisation_intent
from app.contracts.service.signing import prove_intent
from app.identity.face_checks import FaceWay
from tests.contracts.world import World
from tests.factories import (
    Employer,
    Worker,
    last_code,
    new_id_number,
    new_phone,
    some_ink,
    verified_operator,
    verified_worker,
)


@dataclass(frozen=True)
class Boss:
    """The legal representative, who has no account yet."""

    name: str
    phone: str
    id_number: str

    def log_in(self) -> Worker:
        """With the phone that the letter names, verified, with all consents."""
        return verified_worker(self.name, self.phone, self.id_number)


def new_boss() -> Boss:
    return Boss("欧阳·建国", new_phone(), new_id_number("19620509"))


def ask(world: World, operator: Employer, boss: Boss, **changes: Any) -> Authorisation:
    values = {
        "actor": operator.actor, "name": operator.organisation, "uscc": operator.uscc, "kind": "enterprise",
        "address": "长春市朝阳区 1 号", "legal_representative": boss.name,
        "legal_representative_id_type": "resident_id", "legal_representative_id_number": boss.id_number,
        "legal_representative_phone": boss.phone, "registry": world.providers.registry,
        "blobs": world.providers.blobs, "link_url": world.providers.link_url,
    }  # fmt: skip
    letter = request_authorisation(**{**values, **changes})
    world.settle()
    return letter


def asked(world: World) -> tuple[Employer, Boss, Authorisation]:
    operator, boss = verified_operator(name="王小丽"), new_boss()
    return operator, boss, ask(world, operator, boss)


def prove(world: World, worker: Worker, letter: Authorisation) -> uuid.UUID:
    """A proof of will for this letter."""
    world.pass_time(seconds=61)
    intent = start_authorisation_intent(
        actor=worker.actor, authorisation_id=letter.id, method="sms", content_sha256=letter.content_sha256,
        way=FaceWay(""), faces=world.providers.faces,
    )  # fmt: skip
    prove_intent(actor=worker.actor, intent_id=intent.id, code=last_code(worker.phone))
    return intent.id


def sign(world: World, worker: Worker, letter: Authorisation, challenge_id: uuid.UUID | None = None) -> Authorisation:
    return sign_authorisation(
        actor=worker.actor, authorisation_id=letter.id, challenge_id=challenge_id or prove(world, worker, letter),
        content_sha256=letter.content_sha256, ink=some_ink(),
    )  # fmt: skip


def reload(person: Employer | Worker, letter: Authorisation) -> Authorisation:
    return get_authorisation(actor=person.actor, authorisation_id=letter.id)


def token_for(world: World, boss: Boss) -> str:
    """From the newest link in the representative's SMS."""
    sent = [sms for sms in world.sms.sent if sms.phone == boss.phone and "link" in sms.params]
    return sent[-1].params["link"].rsplit("t=", 1)[1]
