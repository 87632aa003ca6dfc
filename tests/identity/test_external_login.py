"""Logins by an identity provider: whose browser, how often, and whose account (A4, A5; T-09, T-10)."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from app.accounts import external_login
from app.accounts.bindings import end_binding, list_bindings
from app.accounts.errors import (
    CodeExhausted,
    CodeWrong,
    ExternalLoginRefused,
    LoginTicketNotFound,
    LoginTicketOver,
    QrLimitReached,
    SessionEnded,
)
from app.accounts.external_login import (
    StartedLogin,
    decide_external_login,
    get_asking,
    get_external_status,
    receive_external_login,
    request_binding_code,
    start_external_login,
)
from app.accounts.login_models import ExternalLogin
from app.accounts.ports import ExternalIdentityClaims
from app.accounts.sessions import LoggedIn, authenticate_worker
from app.core.clock import clock_at, now
from app.core.db import reading
from app.core.errors import InvalidInput, ProviderError
from app.core.text import mask_phone
from app.identity.external_login import log_in_by_provider
from app.identity.persons import get_profile
from tests.factories import agreements, last_code, log_in, new_ip, new_phone, new_worker, verified_worker
from tests.fakes import FakeIdentityProvider
from tests.races.contest import at_once, refusals

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
CALLBACK = "https://gongyue.example/callback"


@dataclass
class Scene:
    """One provider, and the browser or PC in front of which a person sits."""

    kind: str = "gov"
    provider: FakeIdentityProvider = field(default_factory=FakeIdentityProvider)

    def start(self, ip: str = "") -> StartedLogin:
        return start_external_login(
            kind=self.kind, provider=self.provider, redirect_uri=CALLBACK, ip=ip or new_ip(), device="Chrome on Windows"
        )

    def come_back(
        self, begun: StartedLogin, subject: str = "citizen-1", phone: str = "", *, verified: bool = True,
        code: str = "code", browser: str | None = None,
    ) -> external_login.ReturnedLogin:  # fmt: skip
        if code:
            self.provider.codes[code] = ExternalIdentityClaims(subject, phone, verified)
        return receive_external_login(
            kind=self.kind, provider=self.provider, redirect_uri=CALLBACK, state=state_of(begun), code=code,
            browser_token=begun.browser_token if browser is None else browser,
        )  # fmt: skip


def state_of(begun: StartedLogin) -> str:
    return parse_qs(urlsplit(begun.url).query)["state"][0]


def status(ticket: str, browser: str = "") -> str:
    return get_external_status(ticket=ticket, browser_token=browser)


def enter(ticket: str, browser: str = "", phone: str = "", code: str = "") -> LoggedIn:
    return log_in_by_provider(
        ticket=ticket, browser_token=browser, agreements=agreements(), channel="h5", ip=new_ip(), device="PC",
        phone=phone, code=code,
    )  # fmt: skip


def first_login(scene: Scene, phone: str, subject: str = "citizen-1") -> LoggedIn:
    """Without a verified phone claim: with a code."""
    begun = scene.start()
    ticket = scene.come_back(begun, subject).ticket
    request_binding_code(ticket=ticket, browser_token=begun.browser_token, phone=phone, ip=new_ip())
    return enter(ticket, begun.browser_token, phone, last_code(phone))


def test_the_first_login_binds_a_phone_by_code_and_the_next_needs_none() -> None:
    scene, phone = Scene(), new_phone()
    begun = scene.start()
    ticket = scene.come_back(begun).ticket
    assert status(ticket, begun.browser_token) == "needs_phone"
    with pytest.raises(InvalidInput):
        enter(ticket, begun.browser_token)
    request_binding_code(ticket=ticket, browser_token=begun.browser_token, phone=phone, ip=new_ip())
    opened = enter(ticket, begun.browser_token, phone, last_code(phone))
    assert status(ticket, begun.browser_token) == "expired"
    assert [one.kind for one in list_bindings(actor=opened.actor)] == ["gov"]
    again = scene.start()
    ticket = scene.come_back(again).ticket
    assert status(ticket, again.browser_token) == "proven"
    assert enter(ticket, again.browser_token).actor.account_id == opened.actor.account_id


def test_a_phone_that_the_provider_has_verified_opens_a_new_account() -> None:
    scene, phone = Scene(), new_phone()
    begun = scene.start()
    ticket = scene.come_back(begun, phone=f"+86 {phone}").ticket
    assert status(ticket, begun.browser_token) == "proven"
    opened = enter(ticket, begun.browser_token)
    owner = verified_worker(phone=phone)
    assert owner.actor.account_id == opened.actor.account_id
    assert list_bindings(actor=owner.actor) == [], "whoever was verified behind it did not bind that identity"
    with pytest.raises(SessionEnded):
        authenticate_worker(token=opened.token)


def test_it_enters_no_account_that_is_there_already() -> None:
    """The provider verified it some day; since then the number may have gone to somebody else (decision 0008)."""
    worker, scene = new_worker(), Scene()
    begun = scene.start()
    ticket = scene.come_back(begun, phone=worker.phone).ticket
    assert status(ticket, begun.browser_token) == "needs_phone"
    with pytest.raises(InvalidInput):
        enter(ticket, begun.browser_token)
    with clock_at(now() + timedelta(minutes=2)):
        request_binding_code(ticket=ticket, browser_token=begun.browser_token, phone=worker.phone, ip=new_ip())
        opened = enter(ticket, begun.browser_token, worker.phone, last_code(worker.phone))
    assert opened.actor.account_id == worker.actor.account_id


@pytest.mark.parametrize(("phone", "verified"), [("13900000001", False), ("+1 202 555 0100", True), ("", True)])
def test_any_other_phone_is_asked_for(phone: str, verified: bool) -> None:
    scene = Scene()
    begun = scene.start()
    assert status(scene.come_back(begun, phone=phone, verified=verified).ticket, begun.browser_token) == "needs_phone"


def test_another_browser_is_refused_and_uses_nothing_up() -> None:
    scene = Scene()
    begun, foreign = scene.start(), scene.start()
    for browser in ("", "x", foreign.browser_token):
        with pytest.raises(ExternalLoginRefused):
            scene.come_back(begun, browser=browser)
    ticket = scene.come_back(begun).ticket
    for browser in ("", foreign.browser_token):
        with pytest.raises(LoginTicketNotFound):
            status(ticket, browser)
        with pytest.raises(LoginTicketNotFound):
            enter(ticket, browser, new_phone(), "000000")


def test_a_state_serves_once_and_belongs_to_its_provider() -> None:
    scene = Scene()
    begun = scene.start()
    with pytest.raises(LoginTicketNotFound):
        Scene("social_card", scene.provider).come_back(begun)
    scene.come_back(begun)
    with pytest.raises(LoginTicketOver):
        scene.come_back(begun)
    with pytest.raises(LoginTicketNotFound):
        receive_external_login(
            kind="gov", provider=scene.provider, redirect_uri=CALLBACK, state="made-up", code="code",
            browser_token=begun.browser_token,
        )  # fmt: skip


def test_who_refuses_there_is_not_logged_in() -> None:
    scene = Scene()
    begun = scene.start()
    with pytest.raises(ExternalLoginRefused):
        scene.come_back(begun, code="")
    with pytest.raises(LoginTicketOver):
        scene.come_back(begun)


def test_a_code_of_another_login_proves_nothing() -> None:
    """The nonce and the PKCE verifier of this very login are asked for."""
    scene, other = Scene(), Scene(provider=FakeIdentityProvider())
    begun = scene.start()
    other.provider.codes["stolen"] = ExternalIdentityClaims("citizen-9")
    with pytest.raises(ExternalLoginRefused):
        receive_external_login(
            kind="gov", provider=other.provider, redirect_uri=CALLBACK, state=state_of(begun), code="stolen",
            browser_token=begun.browser_token,
        )  # fmt: skip
    assert "stolen" in other.provider.codes


def test_an_outage_there_is_told_and_the_next_try_works() -> None:
    scene = Scene()
    begun = scene.start()
    scene.provider.error = ProviderError("oidc", "timeout")
    with pytest.raises(ProviderError):
        scene.come_back(begun)
    with pytest.raises(ProviderError):
        scene.start()
    scene.provider.error = None
    assert scene.come_back(scene.start()).ticket


def test_ten_minutes_and_no_longer() -> None:
    scene = Scene()
    with clock_at(START):
        slow, begun = scene.start(), scene.start()
        ticket = scene.come_back(begun).ticket
    with clock_at(START + timedelta(minutes=10)):
        with pytest.raises(LoginTicketOver):
            scene.come_back(slow)
        assert status(ticket, begun.browser_token) == "expired"
        with pytest.raises(LoginTicketOver):
            request_binding_code(ticket=ticket, browser_token=begun.browser_token, phone=new_phone(), ip=new_ip())


def test_a_phone_lets_the_computer_in_only_when_it_says_so() -> None:
    scene, phone = Scene("social_card"), new_phone()
    begun = scene.start(ip="203.0.113.9")
    assert begun.browser_token == ""
    assert status(begun.ticket) == "waiting"
    back = scene.come_back(begun, phone=phone)
    assert back.ticket == ""
    assert status(begun.ticket) == "waiting"
    with pytest.raises(LoginTicketOver):
        enter(begun.ticket)
    asking = get_asking(confirm_token=back.confirm_token, ip="198.51.100.1")
    assert (asking.device, asking.ip, asking.same_network) == ("Chrome on Windows", "203.0.113.9", False)
    decide_external_login(confirm_token=back.confirm_token, accept=True)
    assert status(begun.ticket) == "proven"
    assert get_profile(actor=enter(begun.ticket).actor).phone_masked == mask_phone(phone)
    for again in (True, False):
        with pytest.raises(LoginTicketOver):
            decide_external_login(confirm_token=back.confirm_token, accept=again)


def test_a_phone_keeps_the_computer_out() -> None:
    scene = Scene("social_card")
    begun = scene.start()
    back = scene.come_back(begun)
    decide_external_login(confirm_token=back.confirm_token, accept=False)
    assert status(begun.ticket) == "refused"
    with pytest.raises(LoginTicketOver):
        enter(begun.ticket)
    with pytest.raises(LoginTicketNotFound):
        get_asking(confirm_token="made-up", ip="")


def test_nothing_in_the_table_opens_anything_and_identities_are_wiped() -> None:
    scene, phone = Scene(), new_phone()
    begun = scene.start()
    ticket = scene.come_back(begun, "citizen-secret").ticket
    with reading() as session:
        stored = session.scalars(select(ExternalLogin)).one()
    for secret in (ticket, begun.browser_token, state_of(begun), "citizen-secret"):
        assert secret not in str(vars(stored))
    assert stored.verifier_ciphertext is stored.nonce_ciphertext is None
    request_binding_code(ticket=ticket, browser_token=begun.browser_token, phone=phone, ip=new_ip())
    enter(ticket, begun.browser_token, phone, last_code(phone))
    with reading() as session:
        stored = session.scalars(select(ExternalLogin)).one()
        assert stored.subject_ciphertext is stored.phone_ciphertext is None


def test_a_code_for_binding_is_good_for_this_login_only_and_for_five_tries() -> None:
    scene, phone = Scene(), new_phone()
    with clock_at(START):
        first, second = scene.start(), scene.start()
        one = scene.come_back(first, "citizen-1", code="1").ticket
        two = scene.come_back(second, "citizen-2", code="2").ticket
        request_binding_code(ticket=one, browser_token=first.browser_token, phone=phone, ip=new_ip())
        code = last_code(phone)
    with clock_at(START + timedelta(seconds=61)):
        request_binding_code(ticket=two, browser_token=second.browser_token, phone=phone, ip=new_ip())
        wrong = f"{(int(last_code(phone)) + 1) % 1_000_000:06d}"
        attempts = [code, *[wrong] * 4] if code != last_code(phone) else [wrong] * 5
        answers = []
        for attempt in attempts:
            with pytest.raises((CodeWrong, CodeExhausted)) as refused:
                enter(two, second.browser_token, phone, attempt)
            answers.append(refused.type)
        assert answers == [CodeWrong] * 4 + [CodeExhausted]
        with pytest.raises(CodeExhausted):
            enter(two, second.browser_token, phone, last_code(phone))
        assert enter(one, first.browser_token, phone, code).actor.account_id


def test_known_and_unknown_phones_get_the_same_answer() -> None:
    scene, answers = Scene(), []
    with clock_at(START):
        known = new_worker().phone
    with clock_at(START + timedelta(minutes=2)):
        for phone in (known, new_phone()):
            begun = scene.start()
            ticket = scene.come_back(begun).ticket
            answers.append(
                request_binding_code(ticket=ticket, browser_token=begun.browser_token, phone=phone, ip=new_ip())
            )
            assert last_code(phone)
    assert answers[0] == answers[1]


def test_an_identity_belongs_to_one_worker_until_it_is_unbound() -> None:
    scene, phone, other_phone = Scene(), new_phone(), new_phone()
    mine = first_login(scene, phone)
    (binding,) = list_bindings(actor=mine.actor)
    end_binding(actor=mine.actor, binding_id=binding.id)
    other = first_login(scene, other_phone)
    assert other.actor.account_id != mine.actor.account_id
    assert list_bindings(actor=mine.actor) == []


def test_a_binding_that_ended_meanwhile_opens_nobodys_account() -> None:
    scene = Scene()
    mine = first_login(scene, new_phone())
    begun = scene.start()
    ticket = scene.come_back(begun).ticket
    assert status(ticket, begun.browser_token) == "proven"
    end_binding(actor=mine.actor, binding_id=list_bindings(actor=mine.actor)[0].id)
    assert status(ticket, begun.browser_token) == "needs_phone"
    with pytest.raises(InvalidInput):
        enter(ticket, begun.browser_token)


def test_another_identity_of_the_same_kind_takes_the_place() -> None:
    scene = Scene()
    with clock_at(START):
        mine = first_login(scene, phone := new_phone(), "citizen-old")
    with clock_at(START + timedelta(minutes=2)):
        assert first_login(scene, phone, "citizen-new").actor.account_id == mine.actor.account_id
        assert len(list_bindings(actor=mine.actor)) == 1
        begun = scene.start()
        ticket = scene.come_back(begun, "citizen-old").ticket
        assert status(ticket, begun.browser_token) == "needs_phone"


def test_of_many_at_once_one_ends_the_login() -> None:
    scene = Scene()
    begun = scene.start()
    ticket = scene.come_back(begun, phone=new_phone()).ticket
    outcomes = at_once(*[lambda: enter(ticket, begun.browser_token)] * 4)
    assert refusals(outcomes) == ["login_ticket_over"] * 3


def test_of_two_callbacks_at_once_one_asks_the_provider() -> None:
    scene = Scene()
    begun = scene.start()
    outcomes = at_once(*[lambda: scene.come_back(begun)] * 4)
    assert refusals(outcomes) == ["login_ticket_over"] * 3


def test_one_address_starts_a_limited_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(external_login, "PER_IP", 1)
    scene = Scene()
    with clock_at(START):
        scene.start(ip="198.51.100.1")
        with pytest.raises(QrLimitReached):
            scene.start(ip="198.51.100.1")
        scene.start(ip="198.51.100.2")


def test_logging_in_by_code_still_works_beside_it() -> None:
    scene = Scene()
    with clock_at(START):
        mine = first_login(scene, phone := new_phone())
    with clock_at(START + timedelta(minutes=2)):
        assert log_in(phone).actor.account_id == mine.actor.account_id
