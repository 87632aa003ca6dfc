"""The same key and body get the same answer, once done; another body is refused (T-14, C-03)."""

import threading
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.clock import clock_at, now
from app.core.db import reading
from app.core.idempotency import IdempotencyRecord, begin_request, forget_old_answers
from app.identity.texts import get_text
from tests.factories import new_worker
from tests.support.web import WorkerClient, problem

CONSENTS = "/api/v1/worker/consents"


def _body(kind: str = "face_consent") -> dict[str, str]:
    return {"kind": kind, "version": get_text(kind).version}


def test_a_repetition_gets_the_stored_answer(web: Flask) -> None:
    client, key = WorkerClient(web, new_worker().token), str(uuid.uuid4())
    first = client.post(CONSENTS, _body(), Idempotency_Key=key)
    with clock_at(now() + timedelta(minutes=5)):
        second = client.post(CONSENTS, _body(), Idempotency_Key=key)
    assert first.status_code == second.status_code == 201
    assert first.get_data() == second.get_data()
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"


def test_another_body_with_the_same_key_is_refused(web: Flask) -> None:
    client, key = WorkerClient(web, new_worker().token), str(uuid.uuid4())
    client.post(CONSENTS, _body(), Idempotency_Key=key)
    problem(client.post(CONSENTS, _body("esign_consent"), Idempotency_Key=key), 422, "idempotency_key_reused")


def test_another_route_with_the_same_key_is_refused(web: Flask) -> None:
    client, key = WorkerClient(web, new_worker().token), str(uuid.uuid4())
    client.post(CONSENTS, _body(), Idempotency_Key=key)
    refused = client.post("/api/v1/worker/messages/read", {"all": True}, Idempotency_Key=key)
    problem(refused, 422, "idempotency_key_reused")


def test_two_accounts_may_use_the_same_key(web: Flask) -> None:
    key = str(uuid.uuid4())
    for worker in (new_worker(), new_worker()):
        answer = WorkerClient(web, worker.token).post(CONSENTS, _body(), Idempotency_Key=key)
        assert answer.status_code == 201
        assert "Idempotency-Replayed" not in answer.headers


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "with space 1", "schlüssel"])
def test_a_missing_or_malformed_key_is_refused(web: Flask, key: str) -> None:
    client = WorkerClient(web, new_worker().token)
    problem(client.post(CONSENTS, _body(), Idempotency_Key=key), 422, "idempotency_key_required")


def test_a_refusal_is_replayed_too(web: Flask) -> None:
    client, key = WorkerClient(web, new_worker().token), str(uuid.uuid4())
    body = {"kind": "face_consent", "version": "1999-01"}
    first, second = (client.post(CONSENTS, body, Idempotency_Key=key) for _ in "ab")
    problem(first, 409, "text_outdated")
    assert first.get_data() == second.get_data()


def test_harmless_repetitions_need_no_key(web: Flask) -> None:
    client = WorkerClient(web, new_worker().token)
    nobody = uuid.uuid4()
    answer = client.post(f"/api/v1/worker/contracts/{nobody}/page-views", {"pages": [1]}, Idempotency_Key="")
    problem(answer, 404, "contract_not_found")


def test_an_attempt_that_is_still_running(web: Flask) -> None:
    worker, key = new_worker(), str(uuid.uuid4())
    client = WorkerClient(web, worker.token)
    _killed_attempt(client, f"worker:{worker.actor.account_id}", key)
    running = client.post(CONSENTS, _body(), Idempotency_Key=key)
    assert problem(running, 409, "request_in_progress")["retry_after"] == 1
    with clock_at(now() + timedelta(minutes=1)):  # it died: this one takes over
        assert client.post(CONSENTS, _body(), Idempotency_Key=key).status_code == 201


def _killed_attempt(client: WorkerClient, scope: str, key: str) -> None:
    """What a first attempt leaves behind when its process is killed: the key, and no answer."""
    twin = str(uuid.uuid4())
    client.post(CONSENTS, _body(), Idempotency_Key=twin)
    with reading() as session:
        statement = select(IdempotencyRecord.fingerprint).where(IdempotencyRecord.key == twin)
        fingerprint = session.scalars(statement).one()
    begin_request(scope=scope, key=key, fingerprint=fingerprint)


def test_parallel_attempts_do_the_work_once(web: Flask) -> None:
    worker, key = new_worker(), str(uuid.uuid4())
    answers: list[tuple[int, bool]] = []

    def submit() -> None:
        answer = WorkerClient(web, worker.token).post(CONSENTS, _body(), Idempotency_Key=key)
        answers.append((answer.status_code, "Idempotency-Replayed" in answer.headers))

    threads = [threading.Thread(target=submit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count((201, False)) == 1
    assert {status for status, _ in answers} <= {201, 409}


def test_answers_are_forgotten_after_two_days(web: Flask) -> None:
    client, key = WorkerClient(web, new_worker().token), str(uuid.uuid4())
    client.post(CONSENTS, _body(), Idempotency_Key=key)
    with clock_at(now() + timedelta(hours=49)):
        forget_old_answers()
        again = client.post(CONSENTS, _body("esign_consent"), Idempotency_Key=key)
    assert again.status_code == 201
