"""The lists: tabs, filters in the address, pages, countdown, empty states (H8); messages and the home page (D7)."""

import pytest
from flask import Flask

from app.console.pages import contracts, messages
from app.contracts.service.drafting import create_draft, update_draft
from tests.console.window import Window
from tests.contracts.world import World
from tests.factories import Employer, colleague_of, verified_worker

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def numbers(page: str) -> list[str]:
    return [part.partition("<")[0] for part in page.split('<div class="text-secondary small">')[1:]]


def test_every_list_says_what_it_is_for(window: Window) -> None:
    for box, said in {
        "all": "还没有合同", "waiting": "没有等您处理的合同", "others": "没有等待他人的合同",
        "done": "还没有完成的合同", "draft": "还没有草稿",
    }.items():  # fmt: skip
        assert said in window.open(f"/contracts?box={box}")
    assert "没有符合条件的合同" in window.open("/contracts?text=没有")
    window.open("/contracts?box=other", status=422)


def test_filters_live_in_the_address(window: Window, employer: Employer, world: World) -> None:
    worker = verified_worker("王小丽")
    draft, sent = world.draft(employer, worker), world.send(employer, worker)
    assert numbers(window.open("/contracts")) == [sent.number]
    assert numbers(window.open("/contracts?box=draft")) == [draft.number]
    for hit in (
        f"text={sent.number}",
        "text=王小丽",
        f"text={worker.phone}",
        "status=confirming",
        "sent_to=2099-01-01",
    ):
        page = window.ask(f"/contracts?{hit}").get_data(as_text=True)
        assert numbers(page) == [sent.number], hit
        assert "清除条件" in page
    for miss in ("text=王", "status=completed", "sent_from=2099-01-01", "sent_to=2001-01-01"):
        assert numbers(window.ask(f"/contracts?{miss}").get_data(as_text=True)) == [], miss


def test_by_kind_and_by_initiator(window: Window, employer: Employer, world: World) -> None:
    worker = verified_worker()
    contract = world.draft(employer, worker)
    assert 'name="created_by"' not in window.open("/contracts"), "one operator needs no such choice"
    colleague = colleague_of(employer, "赵敏")
    theirs = create_draft(actor=colleague.actor, filename="续签.pdf", data=world.pdf, blobs=world.providers.blobs)
    update_draft(actor=colleague.actor, contract_id=theirs.id, kind="renewal")
    page = window.open(f"/contracts?box=draft&created_by={colleague.actor.account_id}")
    assert numbers(page) == [theirs.number]
    assert f'<option value="{colleague.actor.account_id}" selected>赵敏</option>' in page
    assert "劳动合同（续签）</div>" in page
    assert numbers(window.open("/contracts?box=draft&kind=renewal")) == [theirs.number]
    assert numbers(window.open("/contracts?box=draft&kind=labour_contract")) == [contract.number]


def test_the_days_of_the_filter_are_whole_days_in_china(window: Window, employer: Employer, world: World) -> None:
    contract = world.send(employer, verified_worker())
    assert contract.sent_at is not None
    today = f"{contract.sent_at.astimezone(contracts.day('2026-01-01').tzinfo):%Y-%m-%d}"  # type: ignore[union-attr]
    assert numbers(window.open(f"/contracts?sent_from={today}&sent_to={today}")) == [contract.number]


def test_pages_keep_the_filters(
    window: Window, employer: Employer, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contracts, "PAGE", 2)
    sent = [world.draft(employer, verified_worker()).number for _ in range(3)]
    first = window.open("/contracts?box=draft&text=劳动")
    link = first.partition('<nav class="pages"')[2].partition('href="')[2].partition('"')[0].replace("&amp;", "&")
    second = window.open(link.removeprefix("/console"))
    assert sorted(numbers(first) + numbers(second)) == sorted(sent)
    assert "text=%E5%8A%B3" in link
    assert "第一页" in second


def test_the_home_page_says_what_waits(world: World, console: Flask) -> None:
    employer, worker, contract = world.signed()
    window = Window(console, employer.token)
    page = window.open("/")
    assert f'href="/console/contracts/{contract.id}/seal"' in page
    assert worker.name in page
    assert "发起第一份合同之前" not in page


def test_messages_lead_to_their_contract(world: World, console: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    employer, _worker, contract = world.signed()
    window = Window(console, employer.token)
    page = window.open("/messages")
    assert "合同等待单位盖章" in page
    assert 'aria-label="2 条未读"' in page
    message = page.partition('name="id" value="')[2].partition('"')[0]
    target = f"/console/contracts/{contract.id}"
    assert window.go("/messages/read", {"id": message, "next": target}) == target
    assert 'aria-label="1 条未读"' in window.open("/messages")
    assert window.go("/messages/read") == "/console/messages"
    assert "未读" not in window.open("/messages")
    monkeypatch.setattr(messages, "PAGE", 1)
    first = window.open("/messages")
    older = first.partition('href="/console/messages?before=')[2].partition('"')[0]
    assert "合同等待单位盖章" not in window.open(f"/messages?before={older}")
