"""Upload, describe, place, look through, send (G1, G3): the draft on the server is the wizard's memory."""

import io
import re

import pytest
from flask import Flask

from app.core.text import mask_phone
from app.organisations.models import Role
from app.seals.service import create_seal, revoke_seal
from app.templates import intake, word
from tests.console.window import Window, refusal
from tests.contracts.world import World
from tests.factories import Employer, Worker, colleague_of, employer_with_seal, new_employer, verified_worker

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

PLACES = [
    {"kind": "seal", "page": 1, "x": 0.1, "y": 0.6, "width": 0.2, "height": 0.1414},
    {"kind": "signature", "page": 1, "x": 0.55, "y": 0.62, "width": 0.25, "height": 0.06},
]


def upload(window: Window, data: bytes, name: str = "劳动合同.pdf") -> str:
    """The new draft's address, e.g. `/contracts/<id>`."""
    return window.go("/contracts/new", {"file": (io.BytesIO(data), name)}).removeprefix("/console").rpartition("/")[0]


def details(worker: Worker, **changes: str) -> dict[str, object]:
    return {
        "title": "劳动合同", "worker_name": worker.name, "worker_phone": worker.phone, "deadline": "2099-12-31",
        "intent_methods": ["sms"], "terms.post": "软件工程师", **changes,
    }  # fmt: skip


def test_from_a_file_to_the_phone(window: Window, world: World) -> None:
    worker = verified_worker()
    draft = upload(window, world.pdf)
    assert window.open(draft, status=303), "a draft opens in the wizard"
    assert "劳动合同" in window.open(f"{draft}/details")
    preview = window.open(f"{draft}/preview")
    for missing in ("请填写劳动者姓名。", "请填写劳动者手机号。", "请在页面上放置劳动者签名位置。"):
        assert missing in preview
    assert "请先补全标出的内容" in refusal(window.press(f"{draft}/sending"), 422)
    assert window.go(f"{draft}/details", details(worker)) == f"/console{draft}/places"
    saved = window.send("PUT", f"/api/v1/console{draft}/places", {"places": PLACES})
    assert saved.status_code == 200
    page = window.open(f"{draft}/places")
    assert f'data-version="{saved.get_json()["version"]}"' in page
    assert '"kind": "seal"' in page
    preview = window.open(f"{draft}/preview")
    assert "还不能发送" not in preview
    assert "2099-12-31 23:59" in preview
    assert 'class="place-seal"' in preview
    assert window.go(f"{draft}/sending") == f"/console{draft}?done=sent"
    world.settle()
    assert world.sms.last(worker.phone).template == "SMS_CONTRACT_LINK"


def test_the_employer_never_sees_the_link(window: Window, employer: Employer, world: World) -> None:
    contract = world.send(employer, verified_worker())
    world.settle()
    link = world.sms.sent[-1].params["link"]
    token = link.rpartition("t=")[2]
    api = f"/api/v1/console/contracts/{contract.id}"
    answers = [window.open(f"/contracts/{contract.id}"), window.open("/contracts"), window.open("/messages")]
    answers += [window.get(f"{api}{end}").get_data(as_text=True) for end in ("", "/timeline", "/progress")]
    assert token
    assert [answer for answer in answers if token in answer or "landing" in answer] == []


def test_what_was_typed_is_there_after_a_reload(window: Window, world: World) -> None:
    draft = upload(window, world.pdf)
    typed = {"worker_name": "张伟", "kind": "supplement", "terms": {"pay": "9000 元"}}
    changed = window.send("PATCH", f"/api/v1/console{draft}", typed)
    assert (changed.status_code, changed.get_json()["kind"]) == (200, "supplement")
    page = window.open(f"{draft}/details")
    assert '<option value="supplement" selected>' in page
    assert 'value="张伟"' in page
    assert 'value="9000 元"' in page


def test_operator_and_seal_are_chosen_beforehand(window: Window, employer: Employer, world: World) -> None:
    worker, draft = verified_worker(), upload(window, world.pdf)
    page = window.open(f"{draft}/details")
    assert 'type="hidden" name="operator_id"' in page, "who is the only one is shown, not asked"
    assert f'name="seal_id" value="{employer.seal_id}" checked' in page
    chief = colleague_of(employer, "周总", Role.SUPER_ADMINISTRATOR)
    spare = create_seal(actor=employer.actor)
    page = window.open(f"{draft}/details")
    assert f'<option value="{employer.actor.account_id}" selected>李国强' in page
    chosen = details(worker, operator_id=str(chief.actor.account_id), seal_id=str(spare.id))
    window.go(f"{draft}/details", chosen)
    page = window.open(f"{draft}/details")
    assert f'<option value="{chief.actor.account_id}" selected>周总' in page
    assert f'name="seal_id" value="{spare.id}" checked' in page
    preview = window.open(f"{draft}/preview")
    assert f"<dd>合同专用章 {spare.code}</dd>" in preview
    assert "<dt>单位经办人</dt><dd>周总" in preview
    assert chief.phone not in preview + page, "phones are masked"
    for field in ("operator_id", "seal_id"):
        wrong = refusal(window.press(f"{draft}/details", chosen | {field: str(worker.actor.account_id)}), 422)
        assert f'data-field="{field}"' in wrong


def test_a_choice_that_is_gone_is_asked_again_and_not_replaced_in_silence(
    window: Window, employer: Employer, world: World
) -> None:
    draft, spare = upload(window, world.pdf), create_seal(actor=employer.actor)
    window.send("PATCH", f"/api/v1/console{draft}", {"seal_id": str(spare.id)})
    revoke_seal(actor=employer.actor, seal_id=spare.id)
    page = window.open(f"{draft}/details")
    assert "所选印章已作废，请重新选择。" in page
    assert 'name="seal_id" value="' in page
    assert not re.search(r'name="seal_id" value="[^"]+" checked', page)
    assert "所选印章已作废，请重新选择。" in window.open(f"{draft}/preview")
    revoke_seal(actor=employer.actor, seal_id=employer.seal_id or spare.id)
    page = window.open(f"{draft}/details") + window.open(f"{draft}/preview")
    assert "可以先发送合同，盖章前须制作合同专用章" in page
    assert "所选印章已作废" not in page, "there is none to choose"


def test_who_may_not_use_a_seal_names_it_without_seeing_its_imprint(
    console: Flask, employer: Employer, world: World
) -> None:
    clerk = Window(console, colleague_of(employer, "赵敏").token)
    draft = upload(clerk, world.pdf)
    page = clerk.open(f"{draft}/details")
    assert f'name="seal_id" value="{employer.seal_id}" checked' in page
    assert f"/seals/{employer.seal_id}" not in page
    offered = clerk.get("/api/v1/console/contracts/employer-side").get_json()
    assert [seal["id"] for seal in offered["seals"]] == [str(employer.seal_id)]


def test_the_api_says_what_can_be_chosen(window: Window, employer: Employer, world: World) -> None:
    draft = upload(window, world.pdf)
    offered = window.get("/api/v1/console/contracts/employer-side").get_json()
    assert offered["operators"] == [
        {"account_id": str(employer.actor.account_id), "name": "李国强", "phone_masked": mask_phone(employer.phone)}
    ]
    assert set(offered["seals"][0]) == {"id", "purpose_line", "code", "is_default"}
    spare = create_seal(actor=employer.actor)
    changed = window.send("PATCH", f"/api/v1/console{draft}", {"seal_id": str(spare.id)}).get_json()
    ours = changed["parties"][1]
    assert (ours["operator_id"], ours["seal_id"]) == (str(employer.actor.account_id), str(spare.id))


def test_a_check_before_reading_is_off_until_it_is_ticked(window: Window, world: World) -> None:
    worker, draft = verified_worker(), upload(window, world.pdf)
    ticked = 'name="open_check" value="1" checked'
    assert ticked not in window.open(f"{draft}/details")
    window.go(f"{draft}/details", details(worker, open_check="1") | {"intent_methods": ["sms", "face"]})
    assert ticked in window.open(f"{draft}/details")
    assert "<dt>查看前核对本人</dt><dd>是</dd>" in window.open(f"{draft}/preview")
    window.go(f"{draft}/details", details(worker))
    assert ticked not in window.open(f"{draft}/details")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "长" * 51}, "title"),
        ({"kind": "marriage"}, "kind"),
        ({"worker_phone": "12345"}, "phone"),
        ({"worker_name": "张3"}, "name"),
        ({"deadline": "2020-01-01"}, "deadline_at"),
        ({"deadline": "soon"}, "deadline"),
        ({"intent_methods": ["face"]}, "intent_methods"),
        ({"open_check": "1"}, "open_check"),
        ({"terms.post": "岗" * 201}, "terms.post"),
    ],
)
def test_wrong_details_are_named(window: Window, world: World, changes: dict[str, str], field: str) -> None:
    draft = upload(window, world.pdf)
    text = refusal(window.press(f"{draft}/details", details(verified_worker(), **changes)), 422)
    assert f'data-field="{field}"' in text


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "", "请选择要上传的 PDF 或 Word 文件。"),
        (b"hello", "合同.pdf", "只能上传 PDF 或 Word 文件"),
        (b"%PDF-1.7 broken", "合同.pdf", "文件已损坏或不完整"),
        (b"hello", "合同.exe", "只能上传 PDF 或 Word 文件"),
    ],
)
def test_a_bad_file_is_refused_with_the_reason(window: Window, data: bytes, name: str, said: str) -> None:
    assert said in refusal(window.press("/contracts/new", {"file": (io.BytesIO(data), name)}), 422)
    assert "还没有草稿" in window.open("/contracts?box=draft")


def test_where_word_is_missing_the_page_says_what_to_install(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word, "_program", lambda: None)
    page = window.open("/contracts/new")
    assert intake.word_support().how_to_install_zh in page
    assert 'accept=".pdf"' in page


def test_an_unverified_organisation_is_led_to_verification(console: Flask, world: World) -> None:
    window = Window(console, new_employer().token)
    assert "请先认证单位" in window.open("/contracts/new")
    text = refusal(window.press("/contracts/new", {"file": (io.BytesIO(world.pdf), "a.pdf")}), 403)
    assert 'href="/console/organisation/verification"' in text


def test_a_draft_can_be_discarded_once(window: Window, world: World) -> None:
    draft = upload(window, world.pdf)
    assert window.go(f"{draft}/discarding") == "/console/contracts?box=draft&done=discarded"
    refusal(window.press(f"{draft}/discarding"), 404)


def test_the_wizard_of_a_sent_contract_is_closed(window: Window, employer: Employer, world: World) -> None:
    contract = world.send(employer, verified_worker())
    for step in ("details", "places", "preview"):
        window.open(f"/contracts/{contract.id}/{step}", status=404)
    assert "不能进行此操作" in refusal(window.press(f"/contracts/{contract.id}/discarding"), 409)


def test_places_are_saved_against_what_was_seen(window: Window, world: World) -> None:
    draft = upload(window, world.pdf)
    address = f"/api/v1/console{draft}/places"
    first = window.send("PUT", address, {"version": 1, "places": PLACES})
    again = window.send("PUT", address, {"version": 1, "places": PLACES[::-1]})
    assert [(one.status_code, one.get_json()["version"]) for one in (first, again)] == [(200, 2)] * 2, "a lost answer"
    late = window.send("PUT", address, {"version": 1, "places": []})
    assert (late.status_code, late.get_json()["code"]) == (409, "draft_changed")
    outside = window.send("PUT", address, {"places": [PLACES[0] | {"x": 0.95}]})
    assert outside.get_json()["fields"]["places"] == ["第 1 页的位置超出页面，请拖回页面内。"]


def test_nobody_elses_draft_opens(console: Flask, window: Window, world: World) -> None:
    draft = upload(window, world.pdf)
    rival = Window(console, employer_with_seal("长春市旁观有限公司", name="王芳").token)
    for step in ("", "/details", "/places", "/preview"):
        rival.open(f"{draft}{step}", status=404)
