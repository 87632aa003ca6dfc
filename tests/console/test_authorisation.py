"""The desk's side of an authorisation letter: ask, follow, hand the link on, take it back (C2, C3)."""

import re

import pytest
from flask import Flask

from app.authorisations.queries import find_latest
from tests.authorisations.letters import new_boss, sign
from tests.console.window import Window, refusal
from tests.contracts.world import World
from tests.factories import verified_operator
from tests.support.web import problem

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_ask_follow_hand_on_withdraw_and_ask_again(world: World, console: Flask) -> None:
    operator, boss = verified_operator(name="王小丽"), new_boss()
    window = Window(console, operator.token)
    assert "授权书认证" in window.open("/organisation/verification")
    assert "核验并发送授权书" in window.open("/organisation/authorisation")
    form = {
        "name": operator.organisation, "uscc": operator.uscc, "kind": "enterprise", "address": "长春市 1 号",
        "legal_representative": boss.name, "legal_representative_id_type": "resident_id",
        "legal_representative_id_number": boss.id_number, "legal_representative_phone": operator.phone,
    }  # fmt: skip
    assert "不能是经办人的手机号" in refusal(window.press("/organisation/authorisation", form), 422)
    leads_to = window.go("/organisation/authorisation", form | {"legal_representative_phone": boss.phone})
    letter = find_latest(actor=operator.actor)
    assert letter is not None
    assert leads_to == f"/console/authorisations/{letter.id}?done=letter_sent"
    page = window.open(f"/authorisations/{letter.id}")
    assert all(text in page for text in ("等待法定代表人签署", "复制签署链接", "查询签署结果", "最早可在"))
    assert boss.name not in page
    assert boss.phone not in page
    assert "查看授权书" in window.open("/")
    assert "暂不能修改" in window.open("/organisation")
    assert refusal(window.press(f"/authorisations/{letter.id}/link"), 429)
    copied = window.press(f"/authorisations/{letter.id}/copied-link").get_data(as_text=True)
    link = re.search(r'value="(http[^"]+#/pages/landing/index\?t=([\w-]{43}))"', copied)
    assert link is not None
    told = window.post("/api/v1/h5/links/preview", {"token": link[2]}).get_json()
    assert told["organisation"] == operator.organisation
    window.go(f"/authorisations/{letter.id}/withdrawal")
    assert "重新认证" in window.open(f"/authorisations/{letter.id}")
    problem(window.post("/api/v1/h5/links/preview", {"token": link[2]}), 410, "link_expired")

    world.pass_time(minutes=2)
    api = window.post("/api/v1/console/authorisations", form | {"legal_representative_phone": boss.phone})
    assert api.status_code == 201, api.get_data(as_text=True)
    address = f"/api/v1/console/authorisations/{api.get_json()['id']}"
    assert window.get("/api/v1/console/authorisations/latest").get_json() == window.get(address).get_json()
    problem(window.get(f"{address}/file"), 409, "authorisation_not_ready")
    again = find_latest(actor=operator.actor)
    assert again is not None
    sign(world, boss.log_in(), again)
    assert "正在把签名和时间戳写入文件" in window.open(f"/authorisations/{again.id}")
    assert window.ask(f"/authorisations/{again.id}/state").status_code == 204
    world.settle()
    assert "organisation_verified" in window.ask(f"/authorisations/{again.id}/state").get_data(as_text=True)
    assert "单位已凭这份授权书完成认证" in window.open(f"/authorisations/{again.id}")
    assert window.get(f"{address}/file").get_data().startswith(b"%PDF")
    assert window.get(f"{address}/picture").status_code == 200
    assert window.get(address).get_json()["status"] == "signed"
    assert "单位认证已完成" in window.open("/messages")
