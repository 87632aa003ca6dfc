"""Messages in mini-programs: a yes is spent, an employment relation lasts, texts are cut to the platform's fields."""

import json
from collections.abc import Callable

import pytest

from app.adapters.alipay import AlipayGateway
from app.adapters.alipay_messages import AlipayMessenger
from app.adapters.transport import Transport
from app.adapters.wechat import WeChatClient
from app.adapters.wechat_messages import WeChatMessenger
from app.core.errors import ProviderError
from app.notifications.ports import MiniMessenger
from app.settings.mini import read_templates
from tests.adapters.conftest import Control
from tests.support.database import Database
from tests.support.sandbox_server import SandboxServer

ZHANG = "13800138000"
LONG = "长春市南关区净月潭现代服务业职业技能培训中心有限责任公司"
Messengers = Callable[[str], MiniMessenger]


@pytest.fixture
def messenger(sandbox: SandboxServer, control: Control, database: Database, patience: float) -> Messengers:
    def of(platform: str) -> MiniMessenger:
        if platform == "weixin":
            given = sandbox.credentials["wechat"]
            transport = Transport("wechat", read_timeout=patience)
            client = WeChatClient(given["base_url"], given["app_id"], given["app_secret"], transport=transport)
            return WeChatMessenger(client, read_templates(json.dumps(given["templates"])))
        given = sandbox.credentials["alipay"]
        gateway = AlipayGateway(
            given["gateway_url"], given["app_id"], given["app_private_key_pem"], given["alipay_public_key_pem"],
            transport=Transport("alipay", read_timeout=patience),
        )  # fmt: skip
        return AlipayMessenger(gateway, read_templates(json.dumps(given["templates"])))

    return of


def send(messenger: MiniMessenger, subject: str, template: str, organisation: str = "启明公司") -> None:
    messenger.send(
        subject=subject, template=template, data={"organisation": organisation, "title": "劳动合同"},
        page="pages/contract/index?id=1", reference="r",
    )  # fmt: skip


def refusal(messenger: MiniMessenger, subject: str, template: str = "CONTRACT_DONE") -> tuple[str, bool]:
    with pytest.raises(ProviderError) as caught:
        send(messenger, subject, template)
    return caught.value.code, caught.value.permanent


@pytest.mark.parametrize("platform", ["weixin", "alipay"])
def test_a_yes_is_good_for_one_message(messenger: Messengers, control: Control, platform: str) -> None:
    mine, subject = messenger(platform), control.login_code(platform, ZHANG)["subject"]
    assert refusal(mine, subject)[1]
    control.consent(platform, ZHANG, mine.subscribe_templates["CONTRACT_DONE"])
    send(mine, subject, "CONTRACT_DONE")
    assert refusal(mine, subject)[1]
    [message] = control.mini_messages(ZHANG)
    assert (message["platform"], message["name"], message["page"]) == (
        platform, "CONTRACT_DONE", "pages/contract/index?id=1",
    )  # fmt: skip
    assert message["data"] == ["启明公司", "劳动合同"]


def test_an_employment_relation_lasts_until_it_is_taken_back(messenger: Messengers, control: Control) -> None:
    mine, subject = messenger("weixin"), control.login_code("weixin", ZHANG)["subject"]
    template = mine.employee_templates["CONTRACT_LINK"]
    assert refusal(mine, subject, "CONTRACT_LINK") == ("no_grant", True)
    control.consent("weixin", ZHANG, template)
    for _ in range(3):
        send(mine, subject, "CONTRACT_LINK")
    control.consent("weixin", ZHANG, template, accepted=False)
    assert refusal(mine, subject, "CONTRACT_LINK") == ("no_grant", True)
    assert len(control.mini_messages(ZHANG)) == 3


def test_no_template_is_of_both_kinds(messenger: Messengers) -> None:
    mine = messenger("weixin")
    assert not set(mine.subscribe_templates) & set(mine.employee_templates)
    assert messenger("alipay").employee_templates == {}


@pytest.mark.parametrize("platform", ["weixin", "alipay"])
def test_unknown_users_and_templates(messenger: Messengers, control: Control, platform: str) -> None:
    assert refusal(messenger(platform), "nobody")[1]
    assert refusal(messenger(platform), "nobody", "NO_SUCH") == ("template_not_configured", True)


def test_a_long_name_is_cut_instead_of_refused(messenger: Messengers, control: Control) -> None:
    mine, subject = messenger("weixin"), control.login_code("weixin", ZHANG)["subject"]
    control.consent("weixin", ZHANG, mine.subscribe_templates["CONTRACT_DONE"])
    send(mine, subject, "CONTRACT_DONE", organisation=LONG)
    assert control.mini_messages(ZHANG)[0]["data"][0] == LONG[:19] + "…"


@pytest.mark.parametrize("platform", ["weixin", "alipay"])
@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("rate_limit", "rate_limited"),
        ("http_500", "http_500"),
        ("malformed", "malformed_answer"),
        ("lost_answer", "connection_lost"),
        ("timeout", "timeout"),
    ],
)
def test_faults_are_temporary(messenger: Messengers, control: Control, platform: str, fault: str, code: str) -> None:
    mine, subject = messenger(platform), control.login_code(platform, ZHANG)["subject"]
    control.consent(platform, ZHANG, mine.subscribe_templates["CONTRACT_DONE"])
    control.consent(platform, ZHANG, mine.subscribe_templates["CONTRACT_DONE"])
    send(mine, subject, "CONTRACT_DONE")
    control.arm({"weixin": "wechat"}.get(platform, platform), fault, seconds=3)
    assert refusal(mine, subject) == (code, False)
