"""Receipts are hints: unsigned, repeated, early, for other people's messages; nothing depends on them (Z-09)."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.core.db import reading, transaction
from app.notifications.models import SmsMessage
from app.notifications.service import deliver_sms, send_sms
from tests.factories import new_phone
from tests.fakes import FakeSms
from tests.support.database import Database
from tests.support.web import CALLBACK_TOKEN, make_app, problem

ALIYUN, TENCENT = "/api/v1/callbacks/aliyun-sms", "/api/v1/callbacks/tencent-sms"


@pytest.fixture
def web(database: Database, tmp_path: Path) -> Flask:
    return make_app(tmp_path)


class _Vendor(FakeSms):
    """Accepts as the named vendor would."""

    name = "aliyun_sms"

    def send(self, **message: Any) -> Any:
        receipt = super().send(**message)
        return type(receipt)(self.name, receipt.message_id)


def _sent(vendor: str) -> SmsMessage:
    """A message that this vendor has accepted."""
    with transaction() as session:
        sms_id = send_sms(session, phone=new_phone(), template="SMS_CONTRACT_WITHDRAWN", params={"title": "合同"})
    sender = _Vendor()
    sender.name = vendor
    deliver_sms(sms_id=str(sms_id), sms=sender)
    return _reload_by_id(sms_id)


def _reload_by_id(sms_id: Any) -> SmsMessage:
    with reading() as session:
        return session.scalars(select(SmsMessage).where(SmsMessage.id == sms_id)).one()


def _post(client: FlaskClient, path: str, body: Any, token: str = CALLBACK_TOKEN) -> TestResponse:
    return client.post(f"{path}/{token}", json=body)


def _aliyun(message: SmsMessage, success: bool = True) -> dict[str, Any]:
    return {
        "phone_number": "13800138000", "send_time": "2026-11-20 10:00:00", "report_time": "2026-11-20 10:00:02",
        "success": success, "err_code": "DELIVERED", "err_msg": "用户接收成功", "sms_size": "1",
        "biz_id": message.provider_ref, "out_id": message.id.hex,
    }  # fmt: skip


def test_aliyun_says_delivered_any_number_of_times(web: Flask) -> None:
    message = _sent("aliyun_sms")
    for _ in range(3):
        answer = _post(web.test_client(), ALIYUN, [_aliyun(message)])
        assert (answer.status_code, answer.get_json()["code"]) == (200, 0)
    delivered = _reload_by_id(message.id)
    assert delivered.delivered_at is not None
    assert delivered.status == "sent"


def test_tencent_says_delivered(web: Flask) -> None:
    message = _sent("tencent_sms")
    receipt = {"sid": message.provider_ref, "report_status": "SUCCESS", "mobile": "13800138000", "errmsg": "DELIVRD"}
    answer = _post(web.test_client(), TENCENT, [receipt])
    assert (answer.status_code, answer.get_json()) == (200, {"result": 0, "errmsg": "OK"})
    assert _reload_by_id(message.id).delivered_at is not None


def test_undelivered_is_noted_and_delivered_wins(web: Flask) -> None:
    message, client = _sent("aliyun_sms"), web.test_client()
    _post(client, ALIYUN, [_aliyun(message, success=False)])
    assert _reload_by_id(message.id).error == "undelivered"
    _post(client, ALIYUN, [_aliyun(message)])
    assert _reload_by_id(message.id).delivered_at is not None


def test_another_vendors_id_changes_nothing(web: Flask) -> None:
    message = _sent("tencent_sms")
    assert _post(web.test_client(), ALIYUN, [_aliyun(message)]).status_code == 200
    assert _reload_by_id(message.id).delivered_at is None


@pytest.mark.parametrize("token", ["wrong", "", CALLBACK_TOKEN[:-1], CALLBACK_TOKEN + "x"])
def test_without_the_secret_path_nothing_is_there(web: Flask, token: str) -> None:
    message = _sent("aliyun_sms")
    problem(_post(web.test_client(), ALIYUN, [_aliyun(message)], token), 404, "not_found")
    assert _reload_by_id(message.id).delivered_at is None


def test_an_unset_secret_opens_nothing(database: Database, tmp_path: Path) -> None:
    client = make_app(tmp_path, sms_callback_token="").test_client()
    problem(_post(client, ALIYUN, [], "x"), 404, "not_found")


@pytest.mark.parametrize("body", [{}, [{}], "text", [{"biz_id": 1, "success": True}], None])
def test_a_malformed_receipt_is_refused(web: Flask, body: Any) -> None:
    assert _post(web.test_client(), ALIYUN, body).status_code in (400, 422)


def test_a_flood_is_refused(web: Flask) -> None:
    many = [{"biz_id": str(number), "success": True} for number in range(501)]
    problem(_post(web.test_client(), ALIYUN, many), 413, "payload_too_large")
