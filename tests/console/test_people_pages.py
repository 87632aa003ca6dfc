"""Verification of operator and organisation, seals, the personal centre (A11, B1, B2, C2, E1)."""

import re

import pytest
from flask import Flask

from app.accounts.devices import list_sessions
from app.core.checks import Outcome
from app.identity.texts import get_text
from tests.console.test_doors import log_in
from tests.console.window import Window, refusal
from tests.contracts.world import World
from tests.factories import Employer, last_code, new_employer, new_id_number, verified_operator

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def newcomer(world: World) -> Employer:
    made = new_employer()
    world.pass_time(minutes=2)
    return made


@pytest.fixture
def window(console: Flask, newcomer: Employer) -> Window:
    return Window(console, newcomer.token)


def agree(window: Window) -> None:
    text = get_text("verification_consent")
    form = {"kind": text.kind, "version": text.version, "agree": "1", "next": "/console/seals"}
    assert window.go("/consents", form) == "/console/verification?next=/console/seals"


def test_consent_comes_first(window: Window) -> None:
    page = window.open("/verification")
    assert "我已阅读并同意上述内容" in page
    assert 'name="id_number"' not in page
    claim = {"method": "phone", "name": "李国强", "id_number": new_id_number()}
    assert "阅读并同意" in refusal(window.press("/verification", claim), 403)
    assert window.go("/consents", {"kind": "verification_consent", "version": "1"}) == "/console/verification"
    assert 'name="id_number"' not in window.open("/verification"), "not ticked"


def test_verify_by_phone(window: Window, newcomer: Employer) -> None:
    agree(window)
    assert f"{newcomer.phone[:3]}****" in window.open("/verification")
    claim = {"method": "phone", "name": "李国强", "id_number": "110101199001011234", "next": "/console/seals"}
    assert 'data-field="id_number"' in refusal(window.press("/verification", claim), 422)
    part = window.press("/verification", claim | {"id_number": new_id_number()})
    text = part.get_data(as_text=True)
    assert "输入短信验证码" in text
    attempt = part.headers["HX-Replace-Url"]
    assert "输入短信验证码" in window.open(attempt.removeprefix("/console")), "a reload shows it again"
    confirm = re.search(r'action="/console(/verification/[^"]*/code)"', text)
    assert confirm is not None
    refusal(window.press(confirm[1], {"code": "000000"}), 422)
    done = window.go(confirm[1], {"code": last_code(newcomer.phone), "next": "/console/seals"})
    assert done == "/console/seals"
    assert "您已完成实名认证" in window.open("/verification")


def test_verify_by_face_follows_the_server(window: Window, world: World) -> None:
    agree(window)
    world.face.outcome = Outcome.PENDING
    claim = {"method": "face", "name": "李国强", "id_number": new_id_number()}
    assert "单独同意" in refusal(window.press("/verification", claim), 403)
    part = window.press("/verification", claim | {"face_consent": get_text("face_consent").version})
    text = part.get_data(as_text=True)
    assert "已完成认证？刷新" in text
    assert "/h5/#/pages/face/handover?t=" in text, "never the vendor by a code that somebody else may show"
    state = text.partition('hx-get="/console')[2].partition('"')[0]
    world.pass_time(seconds=5)
    assert window.ask(state).status_code == 204
    world.face.outcome = Outcome.MISMATCH
    world.pass_time(seconds=5)
    over = window.ask(state)
    assert over.status_code == 286
    assert "比对未通过" in over.get_data(as_text=True)
    world.face.outcome = Outcome.PENDING
    world.pass_time(minutes=2)
    again = window.press("/verification", claim).get_data(as_text=True)
    state = again.partition('hx-get="/console')[2].partition('"')[0]
    world.face.outcome = Outcome.MATCH
    world.pass_time(seconds=5)
    assert 'data-go="/console/?done=person_verified"' in window.ask(state).get_data(as_text=True)


def test_the_page_after_the_camera_says_nothing(console: Flask) -> None:
    page = Window(console).open("/face-done")
    assert "人脸认证已提交" in page
    assert "通过" not in page


def test_the_organisations_data_can_be_corrected_until_it_is_verified(window: Window, newcomer: Employer) -> None:
    form = {"name": "长春市改名有限公司", "uscc": newcomer.uscc, "kind": "other", "address": "长春市某路 9 号"}
    assert window.go("/organisation", form) == "/console/organisation?done=saved"
    assert "长春市改名有限公司" in window.open("/organisation")
    assert 'data-field="uscc"' in refusal(window.press("/organisation", form | {"uscc": "9122"}), 422)


def test_verification_begins_with_the_person(console: Flask, window: Window, world: World) -> None:
    assert "第一步" in window.open("/organisation/verification")
    representative = verified_operator()
    page = Window(console, representative.token).open("/organisation/verification")
    assert "第二步" in page
    assert f'value="{representative.name}"' in page
    assert representative.id_number not in page


def test_seals_wait_for_verification(window: Window) -> None:
    assert "认证后即可制作印章" in window.open("/seals")
    assert "单位尚未完成认证" in refusal(window.press("/seals"), 403)


def test_the_personal_centre_ends_sessions_elsewhere(console: Flask, newcomer: Employer, world: World) -> None:
    window, elsewhere = Window(console, newcomer.token), Window(console)
    log_in(elsewhere, newcomer.phone)
    page = window.open("/account")
    assert newcomer.phone not in page
    other = next(session for session in list_sessions(actor=newcomer.actor) if not session.is_current)
    assert window.go(f"/account/sessions/{other.id}/end") == "/console/account?done=session_ended"
    assert elsewhere.client.get("/console/account").status_code == 303
    log_in_again = Window(console)
    world.pass_time(minutes=2)
    log_in(log_in_again, newcomer.phone)
    window.go("/account/sessions/end-others")
    assert log_in_again.client.get("/console/account").status_code == 303
    assert window.open("/account").count("当前设备") == 1


def test_consents_are_taken_back_as_easily_as_given(window: Window) -> None:
    agree(window)
    assert "撤回同意" in window.open("/account")
    assert window.go("/account/consents/withdrawal", {"kind": "verification_consent"}).endswith("consent_withdrawn")
    assert "我已阅读并同意上述内容" in window.open("/verification")


def test_help_names_the_telephone(window: Window) -> None:
    assert "12333" in window.open("/help")
