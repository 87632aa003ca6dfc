"""Vendors that are down for a while: nothing is lost, people are told, it completes after (F-05, F-11, T-36)."""

import pytest

from tests.process.desk import LINK, Desk
from tests.support.waiting import eventually

pytestmark = pytest.mark.process


@pytest.fixture(autouse=True)
def mended(desk: Desk) -> None:
    desk.mend()


def test_certificates_and_time_stamps_are_down(desk: Desk) -> None:
    """The worker is done at once, and sees after ten seconds that sealing takes longer."""
    contract = desk.confirmed()
    signature = desk.signature(contract)
    for vendor in ("ca", "tsa"):
        desk.fault(vendor, "refuse")
    assert signature.send()["my_step"] == "sealing"
    eventually(lambda: desk.progress(contract)["delayed"], timeout=30)
    seen = desk.progress(contract)
    assert (seen["status"], seen["sealed"], seen["waiting_for"]) == ("signing", False, "platform")
    desk.mend()
    desk.work_through(contract)
    desk.check()


@pytest.mark.parametrize(
    ("of_ca", "of_tsa"), [("http_500", "malformed"), ("malformed", "timeout"), ("timeout", "http_500")]
)
def test_every_kind_of_failure_is_lived_through(desk: Desk, of_ca: str, of_tsa: str) -> None:
    """The authority fails over the worker's certificate, the time-stamping authority over the seal."""
    contract = desk.confirmed()
    signature = desk.signature(contract)
    desk.fault("ca", of_ca, times=1)
    signature.send()
    desk.worker.wait_until_sealed(contract, 90)
    stamp = desk.stamp(contract)
    desk.fault("tsa", of_tsa, times=2)  # the adapter itself asks twice
    stamp.send()
    desk.complete(contract)
    desk.check()


def test_the_sms_vendor_is_down(desk: Desk) -> None:
    """The contract is there for whoever logs in, and the link arrives later, once."""
    links = len(desk.sms(LINK))
    desk.fault("aliyun-sms", "http_500")
    contract = desk.send()
    waiting = desk.worker.client.get("contracts?box=waiting")["items"]
    assert contract in [card["id"] for card in waiting]
    eventually(lambda: desk.asked("aliyun-sms"), timeout=30)
    assert len(desk.sms(LINK)) == links
    desk.mend()
    eventually(lambda: len(desk.sms(LINK)) > links, timeout=60)
    desk.worker.confirm(contract, desk.worker.read(contract)["content_sha256"])
    desk.signature(contract).send()
    desk.work_through(contract)
    desk.check()
    assert len(desk.sms(LINK)) == links + 1
