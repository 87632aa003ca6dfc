"""Logins in WeChat's and Alipay's mini-programs: one worker per user, by the platform's phone or by code (A6; T-09)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts.bindings import bind_platform, end_binding, list_bindings
from app.accounts.errors import (
    BindingTaken,
    LoginTicketNotFound,
    LoginTicketOver,
    PhoneCodeWanted,
    PhoneProofInvalid,
    PlatformCodeInvalid,
    SessionEnded,
)
from app.accounts.login import request_login_code
from app.accounts.login_models import AccountBinding
from app.accounts.qr_login import confirm_qr, request_qr_login, scan_qr
from app.accounts.sessions import LoggedIn, authenticate_worker
from app.core.clock import clock_at, now
from app.core.db import reading
from app.core.errors import InvalidInput, NotFound
from app.identity.errors import AgreementRequired
from app.identity.external_login import PhoneWanted, bind_phone_and_log_in, log_in_by_platform
from app.identity.qr_login import log_in_by_qr
from app.notifications.service import list_messages
from tests.factories import (
    Worker,
    agreements,
    consent,
    last_code,
    new_employer,
    new_id_number,
    new_ip,
    new_phone,
    new_worker,
    verified_worker,
    verify_by_phone,
)
from tests.fakes import FakeMiniPlatform
from tests.races.contest import at_once, refusals

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
HERE = {"channel": "weixin", "ip": "198.51.100.7", "device": "WeChat"}


def knock(platform: FakeMiniPlatform, code: str, kind: str = "weixin") -> LoggedIn | PhoneWanted:
    return log_in_by_platform(
        kind=kind, platform=platform, code=code, agreements=agreements(), **HERE | {"channel": kind}
    )


def wanted(platform: FakeMiniPlatform, code: str, kind: str = "weixin") -> str:
    found = knock(platform, code, kind)
    assert isinstance(found, PhoneWanted)
    return found.ticket


def bind_phone(platform: FakeMiniPlatform, ticket: str, kind: str = "weixin", **proof: str) -> LoggedIn:
    return bind_phone_and_log_in(
        kind=kind, platform=platform, ticket=ticket, agreements=agreements(), **HERE | {"channel": kind}, **proof
    )


def joined(platform: FakeMiniPlatform, subject: str, phone: str, number: int = 1, kind: str = "weixin") -> LoggedIn:
    ticket = wanted(platform, f"code-{subject}-{number}", kind)
    return bind_phone(platform, ticket, kind, proof=f"proof-{phone}-{number}")


def bound(platform: FakeMiniPlatform, subject: str, worker: Worker) -> LoggedIn:
    """The platform's user is bound in a session of the worker's own, and comes in."""
    bind_platform(actor=worker.actor, kind="weixin", platform=platform, code=f"code-{subject}-1")
    opened = knock(platform, f"code-{subject}-0")
    assert isinstance(opened, LoggedIn)
    return opened


def test_the_first_login_takes_the_platforms_phone_and_the_next_needs_none() -> None:
    platform, phone = FakeMiniPlatform(), new_phone()
    opened = joined(platform, "o1", phone)
    assert authenticate_worker(token=opened.token).actor.channel == "weixin"
    again = knock(platform, "code-o1-2")
    assert isinstance(again, LoggedIn)
    assert again.actor.account_id == opened.actor.account_id
    with reading() as session:
        stored = session.scalars(select(AccountBinding)).one()
        assert stored.subject == "o1"
        assert "o1" not in (stored.subject_index, str(stored.subject_ciphertext))


def test_a_typed_phone_needs_the_login_code() -> None:
    platform, worker_phone = FakeMiniPlatform(), new_phone()
    ticket = wanted(platform, "code-o1-1")
    with pytest.raises(InvalidInput):
        bind_phone(platform, ticket, phone=worker_phone)
    request_login_code(account_kind="worker", phone=worker_phone, ip=new_ip())
    opened = bind_phone(platform, ticket, phone=worker_phone, code=last_code(worker_phone))
    assert authenticate_worker(token=opened.token).actor.account_id == opened.actor.account_id


def test_it_is_the_account_of_that_phone_and_its_owner_is_told() -> None:
    platform, worker = FakeMiniPlatform(), new_worker()
    ticket = wanted(platform, "code-o1-1")
    with clock_at(now() + timedelta(minutes=2)):
        request_login_code(account_kind="worker", phone=worker.phone, ip=new_ip())
        opened = bind_phone(platform, ticket, phone=worker.phone, code=last_code(worker.phone))
    assert opened.actor.account_id == worker.actor.account_id
    assert [message.title for message in list_messages(actor=worker.actor)] == ["微信已绑定"]
    bind_platform(actor=worker.actor, kind="weixin", platform=platform, code="code-o1-2")
    assert len(list_messages(actor=worker.actor)) == 1, "repeating is no news"
    assert list_messages(actor=joined(platform, "o2", new_phone()).actor) == []


def test_codes_proofs_and_tickets_serve_once() -> None:
    platform = FakeMiniPlatform()
    ticket = wanted(platform, "code-o1-1")
    with pytest.raises(PlatformCodeInvalid):
        knock(platform, "code-o1-1")
    phone = new_phone()
    bind_phone(platform, ticket, proof=f"proof-{phone}-1")
    with pytest.raises(LoginTicketOver):
        bind_phone(platform, ticket, proof=f"proof-{phone}-2")
    with pytest.raises(PhoneProofInvalid):
        bind_phone(platform, wanted(platform, "code-o2-1"), proof=f"proof-{phone}-1")


def test_a_ticket_is_of_one_platform_and_of_ten_minutes() -> None:
    platform = FakeMiniPlatform()
    with clock_at(START):
        ticket = wanted(platform, "code-o1-1")
        with pytest.raises(LoginTicketNotFound):
            bind_phone(platform, ticket, "alipay", proof=f"proof-{new_phone()}-1")
        with pytest.raises(LoginTicketNotFound):
            bind_phone(platform, "made-up", proof=f"proof-{new_phone()}-1")
    with clock_at(START + timedelta(minutes=10)), pytest.raises(LoginTicketOver):
        bind_phone(platform, ticket, proof=f"proof-{new_phone()}-1")


def test_the_texts_are_agreed_to_before_the_code_is_used() -> None:
    platform = FakeMiniPlatform()
    with pytest.raises(AgreementRequired):
        log_in_by_platform(kind="weixin", platform=platform, code="code-o1-1", agreements=[], **HERE)
    assert platform.used == set()


def test_one_users_id_at_two_platforms_or_apps_are_two_users() -> None:
    weixin, alipay, other_app = FakeMiniPlatform("wx1"), FakeMiniPlatform("2021"), FakeMiniPlatform("wx2")
    one = joined(weixin, "same", new_phone())
    assert isinstance(knock(alipay, "code-same-1", "alipay"), PhoneWanted)
    assert isinstance(knock(other_app, "code-same-1"), PhoneWanted)
    assert isinstance(knock(weixin, "code-same-2"), LoggedIn)
    assert one.actor.account_id


def test_unbinding_ends_the_platforms_sessions_and_nothing_else() -> None:
    platform, worker = FakeMiniPlatform(), new_worker()
    there = bound(platform, "o1", worker)
    (binding,) = list_bindings(actor=worker.actor)
    end_binding(actor=worker.actor, binding_id=binding.id)
    with pytest.raises(SessionEnded):
        authenticate_worker(token=there.token)
    authenticate_worker(token=worker.token)
    assert isinstance(knock(platform, "code-o1-2"), PhoneWanted)
    assert list_messages(actor=worker.actor)[0].kind == "binding.ended"
    with pytest.raises(NotFound):
        end_binding(actor=worker.actor, binding_id=binding.id)


def test_nobody_unbinds_anothers_user() -> None:
    platform, worker = FakeMiniPlatform(), new_worker()
    bound(platform, "o1", worker)
    (binding,) = list_bindings(actor=worker.actor)
    for actor in (new_worker().actor, new_employer().actor):
        with pytest.raises(NotFound):
            end_binding(actor=actor, binding_id=binding.id)
        assert list_bindings(actor=actor) == []
    assert isinstance(knock(platform, "code-o1-2"), LoggedIn)


def test_a_user_who_is_bound_is_nobody_elses() -> None:
    platform, worker = FakeMiniPlatform(), new_worker()
    joined(platform, "o1", new_phone())
    with pytest.raises(BindingTaken):
        bind_platform(actor=worker.actor, kind="weixin", platform=platform, code="code-o1-2")
    assert list_bindings(actor=worker.actor) == []


def test_binding_again_is_no_error_and_another_user_takes_the_place() -> None:
    platform, worker = FakeMiniPlatform(), new_worker()
    first = bind_platform(actor=worker.actor, kind="weixin", platform=platform, code="code-o1-1")
    assert bind_platform(actor=worker.actor, kind="weixin", platform=platform, code="code-o1-2").id == first.id
    there = knock(platform, "code-o1-3")
    assert isinstance(there, LoggedIn)
    second = bind_platform(actor=worker.actor, kind="weixin", platform=platform, code="code-o2-1")
    assert [one.id for one in list_bindings(actor=worker.actor)] == [second.id]
    with pytest.raises(SessionEnded):
        authenticate_worker(token=there.token)
    assert isinstance(knock(platform, "code-o1-4"), PhoneWanted)


def test_two_tickets_of_one_user_bind_one_worker() -> None:
    platform = FakeMiniPlatform()
    one, two = wanted(platform, "code-o1-1"), wanted(platform, "code-o1-2")
    mine, phone = new_phone(), new_phone()
    bind_phone(platform, one, proof=f"proof-{mine}-1")
    with pytest.raises(BindingTaken):
        bind_phone(platform, two, proof=f"proof-{phone}-1")


def test_two_workers_at_once_want_one_user() -> None:
    platform, workers = FakeMiniPlatform(), [new_worker() for _ in range(4)]
    outcomes = at_once(
        *(
            lambda worker=worker, number=number: bind_platform(
                actor=worker.actor, kind="weixin", platform=platform, code=f"code-o1-{number}"
            )
            for number, worker in enumerate(workers)
        )
    )
    assert refusals(outcomes) == ["binding_taken"] * 3
    assert sum(len(list_bindings(actor=worker.actor)) for worker in workers) == 1


def test_one_worker_binds_two_users_at_once_and_keeps_one() -> None:
    platform, worker = FakeMiniPlatform(), new_worker()
    outcomes = at_once(
        *(
            lambda number=number: bind_platform(
                actor=worker.actor, kind="weixin", platform=platform, code=f"code-o{number}-1"
            )
            for number in range(4)
        )
    )
    assert refusals(outcomes) == []
    assert len(list_bindings(actor=worker.actor)) == 1


class TestAPhoneThatThePlatformTells:
    """It was theirs when they told the platform: it may have gone to somebody else since (decision 0008)."""

    @pytest.mark.parametrize("made", [new_worker, verified_worker])
    def test_it_enters_no_account_that_is_there(self, made: Callable[[], Worker]) -> None:
        platform, worker = FakeMiniPlatform(), made()
        ticket = wanted(platform, "code-o1-1")
        with pytest.raises(PhoneCodeWanted):
            bind_phone(platform, ticket, proof=f"proof-{worker.phone}-1")
        assert list_bindings(actor=worker.actor) == []
        with clock_at(now() + timedelta(minutes=2)):
            request_login_code(account_kind="worker", phone=worker.phone, ip=new_ip())
            opened = bind_phone(platform, ticket, phone=worker.phone, code=last_code(worker.phone, "SMS_LOGIN"))
        assert opened.actor.account_id == worker.actor.account_id

    def test_whoever_came_first_with_an_old_one_is_out_when_the_owner_is_verified(self) -> None:
        platform, phone = FakeMiniPlatform("2021"), new_phone()
        earlier = joined(platform, "2088", phone, kind="alipay")
        owner = verified_worker(phone=phone)
        assert owner.actor.account_id == earlier.actor.account_id
        with pytest.raises(SessionEnded):
            authenticate_worker(token=earlier.token)
        assert isinstance(knock(platform, "code-2088-2", "alipay"), PhoneWanted)

    def test_nor_does_another_device_that_they_let_in(self) -> None:
        platform, phone = FakeMiniPlatform("2021"), new_phone()
        earlier = joined(platform, "2088", phone, kind="alipay")
        asked = request_qr_login(account_kind="worker", ip=new_ip(), device="PC")
        confirm_qr(actor=earlier.actor, scan_id=scan_qr(actor=earlier.actor, token=asked.scan_token).id)
        computer = log_in_by_qr(
            account_kind="worker", ticket=asked.ticket, agreements=agreements(), **HERE | {"channel": "h5"}
        )
        owner = verified_worker(phone=phone)
        assert owner.actor.account_id == computer.actor.account_id
        authenticate_worker(token=owner.token)
        with pytest.raises(SessionEnded):
            authenticate_worker(token=computer.token)

    def test_who_is_verified_there_stays(self) -> None:
        platform, phone = FakeMiniPlatform("2021"), new_phone()
        opened = joined(platform, "2088", phone, kind="alipay")
        consent(opened.actor, "verification_consent")
        verify_by_phone(opened.actor, phone, "张伟", new_id_number())
        authenticate_worker(token=opened.token)
        assert isinstance(knock(platform, "code-2088-2", "alipay"), LoggedIn)
