"""Workers, operators, organisations and seals, made through the use cases as people make them.

Every call makes somebody new. Codes are read where the SMS waits to be sent, so no vendor is needed.
"""

import hashlib
import itertools
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlalchemy import select

from app.accounts.login import request_login_code
from app.accounts.sessions import LoggedIn, authenticate_worker
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import reading, transaction
from app.core.ids import new_id
from app.identity.code_verification import confirm_verification_code
from app.identity.consents import give_consent
from app.identity.login import log_in_worker
from app.identity.phone_verification import start_phone_verification
from app.identity.texts import LOGIN_AGREEMENTS, REGISTRATION_AGREEMENTS, get_text
from app.notifications.models import SmsMessage
from app.organisations.models import Member, Role
from app.organisations.service import (
    register_organisation,
    request_registration_code,
    save_licence,
    verify_organisation,
)
from app.organisations.sessions import authenticate_operator, enter_organisation
from app.seals.ink import Ink
from app.seals.service import create_seal
from app.storage.ports import BlobStore
from app.templates.pictures import PlainPicture
from tests.fakes import FakeCarrier, FakeRegistry, MemoryBlobs

_numbers = itertools.count(1)
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CLIENT = {"channel": "h5", "ip": "127.0.0.1", "device": "test phone"}


# A picture of nothing, as app.templates makes pictures plain.
_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)
LICENCE = PlainPicture(_PIXEL, "image/png", hashlib.sha256(_PIXEL).hexdigest(), 1, 1)


class _Files:
    blobs: BlobStore = MemoryBlobs()


@contextmanager
def files_in(blobs: BlobStore) -> Iterator[None]:
    """What employers upload goes there: for tests that look at all stored files."""
    before, _Files.blobs = _Files.blobs, blobs
    try:
        yield
    finally:
        _Files.blobs = before


def new_phone() -> str:
    return f"139{next(_numbers):08d}"


def new_ip() -> str:
    """An address of its own, so that limits per address meet only the tests that want them."""
    number = next(_numbers)
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def new_id_number(born: str = "19900307") -> str:
    """A valid resident identity number of nobody: region 220100 is never used on real cards."""
    body = f"220100{born}{next(_numbers) % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def new_uscc(region: str = "220100") -> str:
    body = f"91{region}MA{next(_numbers):07d}"
    total = sum(_USCC.index(char) * pow(3, place, 31) for place, char in enumerate(body))
    return body + _USCC[-total % 31]


def agreements(*kinds: str) -> list[tuple[str, str]]:
    """(kind, version) as a client sends them; by default those of a worker's login."""
    return [(kind, get_text(kind).version) for kind in kinds or LOGIN_AGREEMENTS]


def last_code(phone: str, template: str = "") -> str:
    """The code in the newest SMS to this phone that has one; of this template, where a clock stands still."""
    with reading() as session:
        for sms in session.scalars(select(SmsMessage).order_by(SmsMessage.created_at.desc())):
            if sms.phone != phone or (template and sms.template != template):
                continue
            if "code" in (params := json.loads(sms.params or "{}")):
                return str(params["code"])
    raise AssertionError("no code was sent to this phone")


def consent(actor: Actor, *kinds: str) -> None:
    for kind, version in agreements(*kinds):
        give_consent(actor=actor, kind=kind, version=version)


def log_in(phone: str) -> LoggedIn:
    """A worker logs in by code; the first time registers."""
    request_login_code(account_kind="worker", phone=phone, ip=new_ip())
    return log_in_worker(phone=phone, code=last_code(phone, "SMS_LOGIN"), agreements=agreements(), **CLIENT)


@dataclass(frozen=True, slots=True)
class Worker:
    """A logged-in worker. `actor.person_id` is set when verified."""

    actor: Actor
    token: str
    phone: str
    name: str = ""
    id_number: str = ""


def new_worker(phone: str = "") -> Worker:
    """Logged in, not verified."""
    phone = phone or new_phone()
    opened = log_in(phone)
    return Worker(opened.actor, opened.token, phone)


def verified_worker(name: str = "张伟", phone: str = "", id_number: str = "") -> Worker:
    """Logged in, verified by phone, all consents given."""
    worker, number = new_worker(phone), id_number or new_id_number()
    consent(worker.actor, "verification_consent", "face_consent", "esign_consent")
    verify_by_phone(worker.actor, worker.phone, name, number)
    actor = authenticate_worker(token=worker.token).actor
    return Worker(actor, worker.token, worker.phone, name, number)


def verify_by_phone(actor: Actor, phone: str, name: str, id_number: str) -> None:
    started = start_phone_verification(actor=actor, name=name, id_number=id_number, carrier=FakeCarrier())
    confirm_verification_code(actor=actor, verification_id=started.id, code=last_code(phone, "SMS_VERIFY"))


@dataclass(frozen=True, slots=True)
class Employer:
    """An operator who has entered an organisation. `name` and `id_number` are the operator's own."""

    actor: Actor
    token: str
    phone: str
    organisation_id: uuid.UUID
    organisation: str
    uscc: str
    name: str = ""
    id_number: str = ""
    seal_id: uuid.UUID | None = None


def new_employer(organisation: str = "长春市启明软件技术有限公司", uscc: str = "", phone: str = "") -> Employer:
    """Registered and logged in; neither operator nor organisation is verified."""
    uscc, phone = uscc or new_uscc(), phone or new_phone()
    request_registration_code(phone=phone, ip=new_ip())
    opened = register_organisation(
        name=organisation, uscc=uscc, kind="enterprise", address="吉林省长春市朝阳区人民大街 1 号", phone=phone,
        code=last_code(phone), agreements=agreements(*REGISTRATION_AGREEMENTS), **CLIENT | {"channel": "console"},
    )  # fmt: skip
    assert opened.actor.organisation_id is not None
    return Employer(opened.actor, opened.token, phone, opened.actor.organisation_id, organisation, uscc)


def verified_operator(
    organisation: str = "长春市启明软件技术有限公司", uscc: str = "", name: str = "李国强"
) -> Employer:
    """As above, the operator is verified, and the picture of the licence is there."""
    employer, number = new_employer(organisation, uscc), new_id_number("19780115")
    consent(employer.actor, "verification_consent", "face_consent")
    verify_by_phone(employer.actor, employer.phone, name, number)
    save_licence(actor=employer.actor, picture=LICENCE, blobs=_Files.blobs)
    return _with(employer, name, number)


def verified_employer(
    organisation: str = "长春市启明软件技术有限公司", uscc: str = "", name: str = "李国强"
) -> Employer:
    """As above, and the organisation is verified by its legal representative in person."""
    employer = verified_operator(organisation, uscc, name)
    verify_organisation(
        actor=employer.actor, name=employer.organisation, uscc=employer.uscc, kind="enterprise",
        address="吉林省长春市朝阳区人民大街 1 号", legal_representative=employer.name,
        legal_representative_id_number=employer.id_number, registry=FakeRegistry(),
    )  # fmt: skip
    return employer


def employer_with_seal(organisation: str = "长春市启明软件技术有限公司", name: str = "李国强") -> Employer:
    """As above, with a contract seal."""
    employer = verified_employer(organisation, name=name)
    return _with(employer, employer.name, employer.id_number, create_seal(actor=employer.actor).id)


def colleague_of(employer: Employer, name: str = "赵敏", role: Role = Role.OPERATOR) -> Employer:
    """Another verified operator, who has entered the same organisation."""
    other = verified_operator(f"{name}的单位", name=name)
    assert other.actor.account_id is not None
    with transaction() as session:
        session.add(
            Member(
                id=new_id(), organisation_id=employer.organisation_id, operator_account_id=other.actor.account_id,
                role=role, joined_at=now(),
            )
        )  # fmt: skip
    entered = enter_organisation(actor=other.actor, organisation_id=employer.organisation_id)
    return replace(
        employer, actor=entered.actor, token=entered.token, phone=other.phone, name=name, id_number=other.id_number
    )


def _with(employer: Employer, name: str, id_number: str, seal_id: uuid.UUID | None = None) -> Employer:
    actor = authenticate_operator(token=employer.token).actor
    return Employer(
        actor, employer.token, employer.phone, employer.organisation_id, employer.organisation, employer.uscc, name,
        id_number, seal_id,
    )  # fmt: skip


def some_ink(seed: int = 0) -> Ink:
    """A plausible signature: three curved strokes of twenty points, one and a half seconds."""
    strokes = []
    for number in range(3):
        left, start = 40 + number * 90 + seed, number * 500.0
        points = [(left + step * 3.0, 60 + (step % 7) * 9.0 + number, start + step * 20.0, 0.5) for step in range(20)]
        strokes.append(tuple(points))
    return Ink(360.0, 160.0, tuple(strokes))
