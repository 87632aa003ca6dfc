"""A user closes the account at the platform: pushed over HTTP, twice, and carried out by the runner."""

from typing import Any

import pytest
import requests

from tests.factories import agreements
from tests.process.desk import Desk
from tests.support.waiting import eventually

pytestmark = pytest.mark.process

WANG = "13800138001"
SEEN: set[str] = set()
AGREED = [{"kind": str(kind), "version": version} for kind, version in agreements()]


def order(desk: Desk, path: str, **body: Any) -> dict[str, Any]:
    answer = requests.post(f"{desk.product.sandbox_url}/__sandbox/{path}", json={"person": WANG, **body}, timeout=10)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


def log_in(desk: Desk, platform: str) -> str:
    """In the mini-program, with the platform's phone, or a code where it has an account; the session's token."""
    api = f"{desk.product.url}/api/v1/miniprogram/{platform}"
    first = {"code": order(desk, f"phone/{platform}/login-code")["code"], "agreements": AGREED}
    asked = requests.post(f"{api}/login", json=first, timeout=10).json()
    proof = order(desk, f"phone/{platform}/phone-proof")["proof"]
    body = {"ticket": asked["ticket"], "proof": proof, "agreements": AGREED}
    opened = requests.post(f"{api}/login/phone", json=body, timeout=10)
    if opened.status_code == 409:
        by_code = {"ticket": asked["ticket"], "phone": WANG, "code": login_code(desk), "agreements": AGREED}
        opened = requests.post(f"{api}/login/phone", json=by_code, timeout=10)
    return str(opened.json()["token"])


def login_code(desk: Desk) -> str:
    requests.post(f"{desk.product.url}/api/v1/worker/login/codes", json={"phone": WANG}, timeout=10).raise_for_status()
    return str(desk.sandbox.wait_for_sms(WANG, "SMS_LOGIN", SEEN)["params"]["code"])


def is_open(desk: Desk, token: str) -> bool:
    url, headers = f"{desk.product.url}/api/v1/worker/session", {"Authorization": f"Bearer {token}"}
    return requests.get(url, headers=headers, timeout=10).status_code == 200


@pytest.mark.parametrize(
    ("platform", "event"), [("weixin", {"event": "user_authorization_cancellation"}), ("alipay", {})]
)
def test_whoever_closes_the_account_there_is_logged_out_here(desk: Desk, platform: str, event: dict[str, str]) -> None:
    token = log_in(desk, platform)
    forged = order(desk, f"pushes/{platform}", flaw="wrong_signature", **event)
    assert [answer["status"] for answer in forged["answers"]] == [403]
    assert is_open(desk, token)
    pushed = order(desk, f"pushes/{platform}", copies=2, **event)
    assert pushed["answers"] == [{"status": 200, "answer": "success"}] * 2
    eventually(lambda: not is_open(desk, token), timeout=30)
    assert is_open(desk, log_in(desk, platform))
