"""People at the regulator's desk, their browser, and what they look at."""

import html
import re
import uuid
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from app.accounts.login import request_login_code
from app.accounts.regulators import add_regulator, log_in_regulator
from app.core.actor import Actor
from app.identity.manual_verification import save_document, start_manual_verification
from app.regulator.access import REGULATOR_COOKIE
from app.storage.ports import BlobStore
from tests.factories import LICENCE, Worker, consent, last_code, new_ip, new_phone, new_worker
from tests.support.web import ConsoleClient


@dataclass(frozen=True, slots=True)
class Regulator:
    actor: Actor
    token: str
    phone: str


def new_regulator(name: str = "王敏", phone: str = "") -> Regulator:
    """In office and logged in."""
    phone = phone or new_phone()
    add_regulator(phone=phone, name=name)
    request_login_code(account_kind="regulator", phone=phone, ip=new_ip())
    opened = log_in_regulator(
        phone=phone, code=last_code(phone, "SMS_LOGIN"), channel="regulator", ip="127.0.0.1", device="test desk"
    )
    return Regulator(opened.actor, opened.token, phone)


def ask_for_review(blobs: BlobStore, worker: Worker | None = None) -> tuple[Worker, uuid.UUID]:
    """A foreigner whose passport waits to be looked at."""
    worker = worker or new_worker()
    consent(worker.actor, "verification_consent")
    document = save_document(actor=worker.actor, picture=LICENCE, blobs=blobs)
    number = f"E{uuid.uuid4().int % 10**8:08d}"
    asked = start_manual_verification(
        actor=worker.actor,
        name="John Smith",
        id_number=number,
        id_type="passport",
        document_ids=[document],
        nationality="USA",
    )
    return worker, asked.id


class DeskWindow(ConsoleClient):
    """A regulator's browser: `open` and `submit` without scripts, `press` as htmx does."""

    cookie = REGULATOR_COOKIE

    def __init__(self, app: Flask, token: str = "") -> None:
        super().__init__(app, token)

    def open(self, path: str, status: int = 200) -> str:
        answer = self.client.get(f"/regulator{path}")
        assert answer.status_code == status, (answer.status_code, answer.get_data(as_text=True)[-800:])
        return answer.get_data(as_text=True)

    def press(self, path: str, form: dict[str, Any] | None = None) -> TestResponse:
        headers = {
            "HX-Request": "true", "Origin": "http://localhost", "X-CSRF-Token": self._csrf,
            "Idempotency-Key": str(uuid.uuid4()),
        }  # fmt: skip
        return self.client.post(f"/regulator{path}", data=form or {}, headers=headers)

    def go(self, path: str, form: dict[str, Any] | None = None) -> str:
        """Press, and say where that leads."""
        answer = self.press(path, form)
        text = answer.get_data(as_text=True)
        found = re.search(r'data-go="([^"]*)"', text)
        assert found is not None, (answer.status_code, text[-800:])
        return html.unescape(found[1])
