"""Demonstration data through the product's own use cases, so that the console has something to log in to.

Everything is fictional and known to the sandbox; production refuses.
"""

import json
import sys
from datetime import timedelta

from sqlalchemy import select

from app.accounts.devices import end_session
from app.accounts.models import AccountKind, OperatorAccount
from app.accounts.regulators import add_regulator
from app.accounts.sessions import Client, LoggedIn, open_session
from app.cli.database import upgrade
from app.cli.sample_licence import draw_sample_licence
from app.core.actor import Actor
from app.core.clock import clock_at, now
from app.core.crypto import blind_index
from app.core.db import reading, transaction
from app.identity.code_verification import confirm_verification_code
from app.identity.consents import give_consent
from app.identity.models import ConsentKind
from app.identity.phone_verification import start_phone_verification
from app.identity.texts import REGISTRATION_AGREEMENTS, get_text
from app.notifications.models import SmsMessage
from app.organisations.queries import get_organisation, list_my_organisations
from app.organisations.service.licence import save_licence
from app.organisations.service.registering import register_organisation, request_registration_code
from app.organisations.service.verifying import verify_organisation
from app.organisations.sessions import authenticate_operator, enter_organisation
from app.providers import Providers
from app.seals.service import create_seal, list_seals
from app.settings import Settings
from app.templates.pictures import clean_picture
from app.wiring import build_providers

OPERATOR_PHONE, OPERATOR_NAME, OPERATOR_ID = "13900139000", "李国强", "220100197801151035"
WORKER_PHONE, WORKER_NAME, WORKER_ID = "13800138000", "张伟", "220100199003071013"
REGULATOR_PHONE, REGULATOR_NAME = "13900139100", "王敏"
PROFILE = {
    "name": "长春市启明软件技术有限公司",
    "uscc": "91220100MA00000152",
    "kind": "enterprise",
    "address": "吉林省长春市朝阳区前进大街 1 号",
}
_HERE = Client(channel="console", ip="127.0.0.1", device="seed-demo")
# The codes of this seed must not keep a person from asking for a login code right away.
_EARLIER = timedelta(minutes=2)


def seed_demo(settings: Settings) -> int:
    """Migrate; make, or complete, the demo organisation; repeating changes nothing. Prints who can log in."""
    if settings.is_production:
        print("生产环境不写入演示数据 / no demo data in production", file=sys.stderr)
        return 1
    upgrade()
    providers = build_providers(settings)
    with clock_at(now() - _EARLIER):
        opened = _enter() or _register()
        actor = _verify_person(opened, providers)
        _verify_organisation(actor, providers)
        if not list_seals(actor=actor):
            create_seal(actor=actor)
        end_session(actor=actor)
    add_regulator(phone=REGULATOR_PHONE, name=REGULATOR_NAME)
    print("演示账号 demo logins（验证码见沙箱的短信页 codes are on the sandbox's SMS page）")
    print(f"单位经办人 operator  {OPERATOR_PHONE}  {OPERATOR_NAME}  {PROFILE['name']}")
    print(f"劳动者 worker        {WORKER_PHONE}  {WORKER_NAME}  身份证号 ID {WORKER_ID}")
    print(f"监管人员 regulator    {REGULATOR_PHONE}  {REGULATOR_NAME}  /regulator/")
    return 0


def _enter() -> LoggedIn | None:
    """A session in the demo organisation, if it was registered before."""
    with transaction() as session:
        index = blind_index(OPERATOR_PHONE, purpose="phone")
        account = session.scalar(select(OperatorAccount).where(OperatorAccount.phone_index == index))
        if account is None:
            return None
        opened = open_session(
            session, kind=AccountKind.OPERATOR, account_id=account.id, person_id=account.person_id, client=_HERE
        )
    mine = [found for found in list_my_organisations(actor=opened.actor) if found.name == PROFILE["name"]]
    return enter_organisation(actor=opened.actor, organisation_id=mine[0].organisation_id) if mine else None


def _register() -> LoggedIn:
    request_registration_code(phone=OPERATOR_PHONE, ip=_HERE.ip)
    agreements = [(str(kind), get_text(kind).version) for kind in REGISTRATION_AGREEMENTS]
    return register_organisation(
        **PROFILE, phone=OPERATOR_PHONE, code=_code_in("SMS_LOGIN"), agreements=agreements,
        channel=_HERE.channel, ip=_HERE.ip, device=_HERE.device,
    )  # fmt: skip


def _verify_person(opened: LoggedIn, providers: Providers) -> Actor:
    actor = opened.actor
    if actor.person_id is None:
        kind = ConsentKind.VERIFICATION_CONSENT
        give_consent(actor=actor, kind=kind, version=get_text(kind).version)
        started = start_phone_verification(
            actor=actor, name=OPERATOR_NAME, id_number=OPERATOR_ID, carrier=providers.carrier
        )
        confirm_verification_code(actor=actor, verification_id=started.id, code=_code_in("SMS_VERIFY"))
    return authenticate_operator(token=opened.token).actor


def _verify_organisation(actor: Actor, providers: Providers) -> None:
    if not get_organisation(actor=actor).is_verified:
        save_licence(actor=actor, picture=clean_picture(draw_sample_licence(PROFILE)), blobs=providers.blobs)
        verify_organisation(
            actor=actor, **PROFILE, legal_representative=OPERATOR_NAME, legal_representative_id_number=OPERATOR_ID,
            registry=providers.registry,
        )  # fmt: skip


def _code_in(template: str) -> str:
    """From the message that waits to be sent: this process sends none itself, and the runner needs a moment.

    The clock stands still, so the message of this very moment is ours.
    """
    with reading() as session:
        mine = (SmsMessage.template == template) & (SmsMessage.created_at == now())
        message = session.scalars(select(SmsMessage).where(mine)).one()
        code: str = json.loads(message.params or "{}").get("code", "")
    return code
