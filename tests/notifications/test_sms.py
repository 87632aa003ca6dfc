"""An SMS leaves once, is dropped when it is too old, and forgets its parameters (D7; F-12)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from app.core.clock import clock_at, set_clock
from app.core.db import reading, transaction
from app.core.errors import ProviderError
from app.notifications.models import SmsMessage, SmsStatus
from app.notifications.service import deliver_sms, send_sms
from tests.fakes import FakeSms

START = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    set_clock(lambda: START)
    yield
    set_clock(None)


def queue() -> str:
    with transaction() as session:
        return str(send_sms(session, phone="13800138000", template="SMS_LOGIN", params={"code": "123456"}))


def stored() -> SmsMessage:
    with reading() as session:
        return session.query(SmsMessage).one()


def test_it_leaves_once_and_forgets_the_code(database: object) -> None:
    sms_id, vendor = queue(), FakeSms()
    for _ in range(2):
        deliver_sms(sms_id=sms_id, sms=vendor)
    assert [(one.phone, one.params) for one in vendor.sent] == [("13800138000", {"code": "123456"})]
    assert (stored().status, stored().params) == (SmsStatus.SENT, "")


def test_an_outage_is_tried_again(database: object) -> None:
    sms_id, vendor = queue(), FakeSms(error=ProviderError("sms", "unreachable"))
    with pytest.raises(ProviderError):
        deliver_sms(sms_id=sms_id, sms=vendor)
    assert stored().status == SmsStatus.QUEUED
    vendor.error = None
    deliver_sms(sms_id=sms_id, sms=vendor)
    assert len(vendor.sent) == 1


@pytest.mark.parametrize("code", ["timeout", "connection_lost", "malformed_answer"])
def test_what_may_have_left_is_not_sent_again(database: object, code: str) -> None:
    sms_id, vendor = queue(), FakeSms(error=ProviderError("sms", code))
    deliver_sms(sms_id=sms_id, sms=vendor)
    vendor.error = None
    deliver_sms(sms_id=sms_id, sms=vendor)
    assert vendor.sent == []
    assert stored().status == SmsStatus.UNKNOWN


def test_a_notice_is_rather_sent_twice_than_lost(database: object) -> None:
    with transaction() as session:
        params = {"organisation": "某公司", "title": "劳动合同", "link": "h5/"}
        sms_id = str(send_sms(session, phone="13800138000", template="SMS_CONTRACT_LINK", params=params))
    vendor = FakeSms(error=ProviderError("sms", "timeout"))
    with pytest.raises(ProviderError):
        deliver_sms(sms_id=sms_id, sms=vendor)
    vendor.error = None
    deliver_sms(sms_id=sms_id, sms=vendor)
    assert [one.params for one in vendor.sent] == [params]


def test_a_refused_number_is_given_up(database: object) -> None:
    sms_id = queue()
    deliver_sms(sms_id=sms_id, sms=FakeSms(error=ProviderError("sms", "number_refused", permanent=True)))
    assert (stored().status, stored().error) == (SmsStatus.FAILED, "number_refused")


def test_an_old_message_is_dropped(database: object) -> None:
    sms_id, vendor = queue(), FakeSms()
    with clock_at(START + timedelta(days=2)):
        deliver_sms(sms_id=sms_id, sms=vendor)
    assert vendor.sent == []
    assert stored().error == "expired"
