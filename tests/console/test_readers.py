"""Copy recipients and the zip of completed contracts, over JSON and as pages (G3, H10)."""

import io
import zipfile
from pathlib import Path

import pytest
from flask import Flask

from tests.contracts.conftest import one_page_pdf, parse_in_this_process
from tests.contracts.world import World, world
from tests.factories import employer_with_seal, verified_worker
from tests.support.web import ConsoleClient, WorkerClient, make_app

__all__ = ["one_page_pdf", "parse_in_this_process", "world"]


@pytest.fixture
def web(world: World, tmp_path: Path) -> Flask:
    return make_app(tmp_path, world.providers)


def test_readers_are_typed_a_line_each(world: World, web: Flask) -> None:
    employer, worker = employer_with_seal(), verified_worker()
    draft = world.draft(employer, worker)
    console = ConsoleClient(web, employer.token)
    details = f"/console/contracts/{draft.id}/details"
    form = {"title": "劳动合同", "worker_name": worker.name, "worker_phone": worker.phone, "intent_methods": "sms"}
    refused = console.submit(details, form | {"copies": "陈静 13800138000\n王芳 123"})
    assert refused.status_code == 422
    assert "抄送方第 2 行有误" in refused.get_data(as_text=True)
    saved = console.submit(details, form | {"copies": "陈静　13800138000\n，\n王芳，13800138001"})
    assert saved.status_code in (200, 303)
    shown = console.get(f"/api/v1/console/contracts/{draft.id}").get_json()["copies"]
    assert {(one["name"], one["phone_masked"]) for one in shown} == {
        ("陈静", "138****8000"), ("王芳", "138****8001"),
    }  # fmt: skip
    assert "王芳 13800138001" in console.get(details).get_data(as_text=True)


def test_a_reader_sees_the_pages_and_no_addresses(world: World, web: Flask) -> None:
    employer, worker, reader = employer_with_seal(), verified_worker(), verified_worker("陈静")
    draft = world.draft(employer, worker)
    console = ConsoleClient(web, employer.token)
    answer = console.send(
        "PATCH", f"/api/v1/console/contracts/{draft.id}", {"copies": [{"name": "陈静", "phone": reader.phone}]}
    )
    assert answer.status_code == 200, answer.get_data(as_text=True)
    contract = world.complete(employer, worker, draft)
    page = WorkerClient(web, reader.token).get(f"/api/v1/worker/contracts/{contract.id}").get_json()
    assert (page["my_step"], page["actions"], page["confirmation"]) == ("copy", ["download"], None)
    assert not any(party["is_me"] for party in page["parties"])
    assert page["download"]


def test_the_ticked_contracts_come_as_a_zip(world: World, web: Flask) -> None:
    employer, worker, contract = world.completed()
    console = ConsoleClient(web, employer.token)
    for address in ("/api/v1/console/contracts/archive", "/console/contracts/archive"):
        answer = console.get(f"{address}?ids={contract.id}")
        assert answer.content_type == "application/zip"
        with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
            assert archive.namelist() == [f"{contract.number} {worker.name}.pdf"]
    other = ConsoleClient(web, employer_with_seal("长春市其他有限公司").token)
    assert other.get(f"/api/v1/console/contracts/archive?ids={contract.id}").status_code == 404
    assert other.get("/api/v1/console/contracts/archive").status_code == 422
