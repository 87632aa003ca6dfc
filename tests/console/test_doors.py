"""In front of the login: codes, registering, choosing an organisation, and back to where one was (A1, A8, A9)."""

import pytest
from flask import Flask

from app.identity.texts import REGISTRATION_AGREEMENTS
from tests.console.window import Window, refusal
from tests.contracts.world import World
from tests.factories import Employer, agreements, employer_with_seal, last_code, new_phone, new_uscc

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def ticked(*kinds: str) -> dict[str, object]:
    return {"agree": "1", "agreement": [f"{kind}:{version}" for kind, version in agreements(*kinds)]}


def log_in(window: Window, phone: str, **more: str) -> str:
    assert window.press("/login/codes", {"phone": phone}).status_code == 200
    return window.go("/login", {"phone": phone, "code": last_code(phone)} | ticked() | more)


def test_without_a_session_every_page_leads_to_the_login_and_back(console: Flask) -> None:
    answer = console.test_client().get("/console/contracts?box=waiting&text=张")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/console/login?next=/console/contracts?box%3Dwaiting")
    page = console.test_client().get(answer.headers["Location"]).get_data(as_text=True)
    assert 'name="next" value="/console/contracts?box=waiting&amp;text=' in page


def test_a_session_that_ended_while_typing_leads_to_the_login_by_htmx(console: Flask) -> None:
    answer = Window(console).press("/seals", HX_Current_URL="http://localhost/console/seals?x=1")
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/console/login?next=/console/seals?x%3D1"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/console/\\evil", "/h5/", "/console/\n"]
)
def test_login_leads_nowhere_else(console: Flask, employer: Employer, world: World, target: str) -> None:
    world.pass_time(minutes=2)
    assert log_in(Window(console), employer.phone, next=target) == "/console/"


def test_login_with_one_organisation_enters_it(console: Flask, employer: Employer, world: World) -> None:
    world.pass_time(minutes=2)
    window = Window(console)
    assert log_in(window, employer.phone, next="/console/seals") == "/console/seals"
    assert employer.organisation in window.open("/")


def test_login_keeps_its_errors_in_the_form(console: Flask, employer: Employer, world: World) -> None:
    world.pass_time(minutes=2)
    window = Window(console)
    assert 'data-field="phone"' in refusal(window.press("/login/codes", {"phone": "123"}), 422)
    window.press("/login/codes", {"phone": employer.phone})
    form = {"phone": employer.phone, "code": "000000"}
    assert "请先阅读并勾选同意" in refusal(window.press("/login", form), 422)
    assert "验证码不正确" in refusal(window.press("/login", form | ticked()), 422)


def test_an_unknown_operator_is_shown_the_way_to_register(console: Flask, world: World) -> None:
    window, phone = Window(console), new_phone()
    window.press("/login/codes", {"phone": phone})
    text = refusal(window.press("/login", {"phone": phone, "code": last_code(phone)} | ticked()), 404)
    assert 'href="/console/registration"' in text


def test_without_scripts_the_code_page_keeps_the_phone(console: Flask, world: World) -> None:
    phone = new_phone()
    answer = Window(console).submit("/console/login/codes", {"phone": phone})
    page = answer.get_data(as_text=True)
    assert f'value="{phone}"' in page
    assert "验证码已发送" in page


def test_register_and_arrive(console: Flask, world: World) -> None:
    window, phone = Window(console), new_phone()
    window.press("/registration/codes", {"phone": phone})
    form = {
        "name": "长春市新开张贸易有限公司", "uscc": new_uscc(), "kind": "enterprise", "address": "长春市某路 1 号",
        "phone": phone, "code": last_code(phone),
    }  # fmt: skip
    assert "电子签名" in refusal(window.press("/registration", form | ticked()), 422), "the third text is needed"
    assert window.go("/registration", form | ticked(*REGISTRATION_AGREEMENTS)) == "/console/?done=registered"
    page = window.open("/?done=registered")
    assert "单位已注册" in page
    assert "立即认证" in page
    assert "发起第一份合同之前" in page


def test_choose_and_switch_between_organisations(console: Flask, employer: Employer, world: World) -> None:
    world.pass_time(minutes=2)
    window = Window(console, employer.token)
    second = "长春市第二家有限公司"
    window.press("/registration/codes", {"phone": employer.phone})
    form = {"name": second, "uscc": new_uscc(), "kind": "other", "address": "长春市某路 2 号", "phone": employer.phone}
    window.go("/registration", form | {"code": last_code(employer.phone)} | ticked(*REGISTRATION_AGREEMENTS))
    assert second in window.open("/")

    world.pass_time(minutes=2)
    fresh = Window(console)
    assert log_in(fresh, employer.phone, next="/console/seals") == "/console/organisations?next=/console/seals"
    answer = fresh.client.get("/console/seals")
    assert answer.headers["Location"].startswith("/console/organisations"), "nothing was entered yet"
    page = fresh.open("/organisations")
    assert employer.organisation in page
    assert second in page
    token = fresh.client.get_cookie("gongyue_console")
    assert token is not None
    chosen = Window(console, token.value)
    form = {"organisation_id": str(employer.organisation_id)}
    assert chosen.go("/organisations/entrance", form) == "/console/"
    assert employer.organisation in chosen.open("/")


def test_nobody_enters_a_strange_organisation(window: Window, world: World) -> None:
    rival = employer_with_seal("长春市旁观有限公司", name="王芳")
    for strange in (str(rival.organisation_id), "", "x"):
        refusal(window.press("/organisations/entrance", {"organisation_id": strange}), 404)


def test_logging_out_ends_the_session(window: Window) -> None:
    assert window.go("/logout") == "/console/login"
    assert window.client.get("/console/").status_code == 303


def test_language_follows_the_account(window: Window) -> None:
    assert 'lang="zh-CN"' in window.open("/help")
    assert window.go("/language", {"language": "en", "next": "/console/help"}) == "/console/help"
    assert 'lang="en"' in window.open("/help")
    refusal(window.press("/language", {"language": "fr"}), 422)


def test_agreements_are_readable_before_login(console: Flask) -> None:
    page = Window(console).open("/agreements/privacy_policy")
    assert "<h3>" in page
    assert "**" not in page
    assert Window(console).client.get("/console/agreements/nothing").status_code == 404
