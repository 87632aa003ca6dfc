"""The main job over HTTP, as two people would do it: an employer at a desk, a worker with a phone.

Knows the product by its wire only, and the sandbox as the developer's stand-in for SMS and camera.
Used by `make demo`, the benchmarks and the tests that kill processes.
"""

import io
import json
import math
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from PIL import Image

from benchmarks.instance import until

CONTRACT_FILE = Path(__file__).resolve().parent.parent / "tests" / "data" / "labour_contract.pdf"


@dataclass(frozen=True)
class Someone:
    """A person known to the sandbox's registries."""

    name: str
    phone: str
    id_number: str


@dataclass(frozen=True)
class Company:
    name: str
    uscc: str
    address: str
    representative: Someone


class Refused(Exception):
    """The product answered with a problem; `problem` is its body."""

    def __init__(self, request: str, status: int, problem: dict[str, Any]) -> None:
        self.status, self.problem = status, problem
        super().__init__(f"{request}: {status} {problem.get('code')} {problem.get('detail')} {problem.get('fields')}")

    @property
    def code(self) -> str:
        return str(self.problem.get("code"))


@dataclass
class Client:
    """One browser: cookies, CSRF token, and an Idempotency-Key with each change."""

    base: str
    area: str
    session: requests.Session = field(default_factory=requests.Session)
    csrf: str = ""

    def call(self, method: str, path: str, body: Any = None, *, files: Any = None, key: str | None = None) -> Any:
        """JSON in, JSON out; bytes for pictures and PDFs. Raises Refused."""
        url = f"{self.base}/api/v1/{path.removeprefix('/')}" if path.startswith("/") else self._url(path)
        headers = {"Accept-Language": "zh-CN"}
        if method != "GET":
            headers |= {"Idempotency-Key": key or str(uuid.uuid4()), "X-CSRF-Token": self.csrf}
        sent = {"files": files, "data": body} if files else {"json": body}
        answer = self.session.request(method, url, headers=headers, timeout=30, **sent)
        if answer.status_code >= 400:
            raise Refused(f"{method} {path}", answer.status_code, _json_or_text(answer))
        if answer.status_code == 204:
            return None
        is_json = answer.headers.get("Content-Type", "").startswith("application/json")
        return answer.json() if is_json else answer.content

    def _url(self, path: str) -> str:
        return f"{self.base}/api/v1/{self.area}/{path}"

    def get(self, path: str) -> Any:
        return self.call("GET", path)

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        return self.call("POST", path, body if body is not None else {}, **options)


def _json_or_text(answer: requests.Response) -> dict[str, Any]:
    try:
        body: dict[str, Any] = answer.json()
    except ValueError:
        body = {"code": "not_json", "detail": answer.text[:200]}
    return body


@dataclass
class Sandbox:
    """The outside world, where a developer reads SMS and stands before the camera."""

    base: str

    def texts(self, phone: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = requests.get(f"{self.base}/__sandbox/sms", {"phone": phone}, timeout=10).json()
        return found

    def wait_for_sms(self, phone: str, template: str, seen: set[str], seconds: float = 20) -> dict[str, Any]:
        """The newest SMS of a template that is not in `seen`; remembers it there."""

        def newest() -> dict[str, Any] | None:
            fresh = [sms for sms in self.texts(phone) if str(sms["id"]) not in seen and sms["template"] == template]
            return fresh[0] if fresh else None

        sms = until(newest, seconds, f"SMS {template} to {phone}")
        seen.add(str(sms["id"]))
        return sms

    def stand_before_camera(self, certify_id: str, result: str = "pass") -> None:
        requests.post(
            f"{self.base}/__sandbox/face/{certify_id}", json={"result": result}, timeout=10
        ).raise_for_status()


def retry_when_limited(do: Callable[[], Any], seconds: float = 90) -> Any:
    """Wait out the limits that protect people from floods of SMS."""
    end = time.monotonic() + seconds
    while True:
        try:
            return do()
        except Refused as refused:
            after = float(refused.problem.get("retry_after", 0))
            if refused.status != 429 or time.monotonic() + after > end:
                raise
            time.sleep(after + 0.1)


@dataclass
class Person:
    """What worker and operator do alike: log in by code, verify, prove will by code."""

    client: Client
    sandbox: Sandbox
    who: Someone
    seen: set[str] = field(default_factory=set)

    def _code(self, template: str) -> str:
        params = self.sandbox.wait_for_sms(self.who.phone, template, self.seen)["params"]
        return str(params["code"])

    def _agreements(self, *more: str) -> list[dict[str, str]]:
        texts = self.client.get("agreements")
        return [
            {"kind": text["kind"], "version": text["version"]}
            for text in texts
            if text["kind"] in ("user_agreement", "privacy_policy", *more)
        ]

    def request_code(self) -> str:
        self.forget_old_texts()
        retry_when_limited(lambda: self.client.post("login/codes", {"phone": self.who.phone}))
        return self._code("SMS_LOGIN")

    def log_in(self) -> dict[str, Any]:
        body: dict[str, Any] = {"phone": self.who.phone, "code": self.request_code(), "agreements": self._agreements()}
        if self.client.area == "worker":
            body["transport"] = "cookie"
        return self._adopt(self.client.post("login", body))

    def _adopt(self, session: dict[str, Any]) -> dict[str, Any]:
        self.client.csrf = session["csrf_token"]
        return session

    def forget_old_texts(self) -> None:
        self.seen.update(str(sms["id"]) for sms in self.sandbox.texts(self.who.phone))

    def consent(self, *kinds: str) -> None:
        texts = {text["kind"]: text for text in self.client.get("agreements")}
        for kind in kinds:
            self.client.post("consents", {"kind": kind, "version": texts[kind]["version"]})

    def verify_by_phone(self) -> None:
        """B2 phone: carrier three-factor, then a code."""
        if self.client.get("session")["person"]:
            return
        self.consent("verification_consent", *(["esign_consent"] if self.client.area == "worker" else []))
        self.forget_old_texts()
        who = {"method": "phone", "name": self.who.name, "id_number": self.who.id_number}
        started = retry_when_limited(lambda: self.client.post("verifications", who))
        done = self.client.post(f"verifications/{started['id']}/code", {"code": self._code("SMS_VERIFY")})
        if done["status"] != "verified":
            raise AssertionError(f"verification ended as {done['status']}")

    def prove_will(self, contract_id: str, content_sha256: str) -> str:
        """B6: a code bound to this very document. Returns the challenge's id."""
        self.forget_old_texts()
        body = {"method": "sms", "content_sha256": content_sha256}
        intent = retry_when_limited(lambda: self.client.post(f"contracts/{contract_id}/intents", body))
        proved = self.client.post(f"intents/{intent['id']}/code", {"code": self._code("SMS_SIGN_CODE")})
        if proved["status"] != "proved":
            raise AssertionError(f"proof of will ended as {proved['status']}")
        return str(intent["id"])


class Employer(Person):
    """An operator at the console."""

    def enter(self, company: Company, *, is_new: bool = False) -> None:
        """Into the organisation: by login where it exists, else by registering it (A8, A9)."""
        if is_new:
            try:
                return self.register(company)
            except Refused as refused:  # not new after all
                if refused.code != "organisation_already_yours":
                    raise
        code = self.request_code()
        agreements = self._agreements()
        try:
            self._adopt(self.client.post("login", {"phone": self.who.phone, "code": code, "agreements": agreements}))
            mine = [one for one in self.client.get("organisations") if one["name"] == company.name]
        except Refused as refused:
            if refused.code not in ("operator_not_registered", "account_not_found"):
                raise
            mine = []
        if not mine:
            return self.register(company)
        self._adopt(self.client.post(f"organisations/{mine[0]['id']}/entrance"))
        return None

    def register(self, company: Company) -> None:
        self.forget_old_texts()
        code_request = {"phone": self.who.phone, "purpose": "registration"}
        retry_when_limited(lambda: self.client.post("login/codes", code_request))
        self._adopt(
            self.client.post(
                "organisations",
                {
                    "name": company.name, "uscc": company.uscc, "kind": "enterprise", "address": company.address,
                    "phone": self.who.phone, "code": self._code("SMS_LOGIN"),
                    "agreements": self._agreements("esign_consent"),
                },
            )
        )  # fmt: skip

    def verify_organisation(self, company: Company) -> None:
        """C2, the legal representative in person; the registry is asked by the product."""
        if self.client.get("organisation")["status"] == "verified":
            return
        self.verify_by_phone()
        self.client.post("organisation/licence", {}, files={"file": ("licence.png", some_picture(), "image/png")})
        self.client.post(
            "organisation/verification",
            {
                "name": company.name, "uscc": company.uscc, "kind": "enterprise", "address": company.address,
                "legal_representative": company.representative.name,
                "legal_representative_id_number": company.representative.id_number,
            },
        )  # fmt: skip

    def make_seal(self) -> str:
        """E1: the round contract seal; an existing one will do."""
        usable = [seal for seal in self.client.get("seals") if not seal["revoked_at"]]
        seal = usable[0] if usable else self.client.post("seals", {"kind": "contract"})
        return str(seal["id"])

    def draft(self, worker: Someone, file: Path = CONTRACT_FILE, title: str = "劳动合同") -> str:
        """G1: upload, describe, place signature and seal on the last page."""
        with file.open("rb") as upload:
            draft = self.client.post("contracts", {"title": title}, files={"file": (file.name, upload)})
        contract = str(draft["id"])
        terms = {
            "post": "软件工程师", "place": "长春市高新区硅谷大街 1 号", "term": "固定期限，三年",
            "start_on": "2026-12-01",
            "end_on": "2029-11-30", "probation": "三个月", "pay": "每月 9000 元，次月 10 日发放", "hours": "标准工时",
        }  # fmt: skip
        changes = {"worker_name": worker.name, "worker_phone": worker.phone, "terms": terms}
        self.client.call("PATCH", f"contracts/{contract}", changes)
        last = draft["page_count"]
        seal = {"kind": "seal", "page": last, "x": 0.24, "y": 0.17, "width": 0.2, "height": 0.1414}
        sign = {"kind": "signature", "page": last, "x": 0.28, "y": 0.405, "width": 0.25, "height": 0.06}
        self.client.call("PUT", f"contracts/{contract}/places", {"places": [seal, sign]})
        return contract

    def send(self, contract: str) -> dict[str, Any]:
        sent: dict[str, Any] = self.client.post(f"contracts/{contract}/sending")
        return sent

    def seal(self, contract: str, seal_id: str) -> dict[str, Any]:
        """H7: prove will, sign with the organisation's seal."""
        content = self.client.get(f"contracts/{contract}")["content_sha256"]
        challenge = self.prove_will(contract, content)
        body = {"challenge_id": challenge, "content_sha256": content, "seal_id": seal_id}
        sealed: dict[str, Any] = self.client.post(f"contracts/{contract}/seal", body)
        return sealed


class Worker(Person):
    """A worker on H5."""

    def open_link(self, organisation: str) -> str:
        """From the SMS to the contract (A7): the link shows nothing private, the phone's own code opens it."""
        link = str(self.sandbox.wait_for_sms(self.who.phone, "SMS_CONTRACT_LINK", self.seen)["params"]["link"])
        token = link.rsplit("t=", 1)[1]
        preview = self.client.post("/h5/links/preview", {"token": token})
        if preview["organisation"] != organisation or self.who.name in json.dumps(preview, ensure_ascii=False):
            raise AssertionError("the link's preview is wrong or shows too much")
        self.log_in()
        return str(self.client.post("/h5/links/claim", {"token": token})["target"]["id"])

    def read(self, contract: str) -> dict[str, Any]:
        """H1: every page, for the time that reading takes."""
        detail: dict[str, Any] = self.client.get(f"contracts/{contract}")
        pages = [page["number"] for page in detail["pages"]]
        for page in pages:
            self.client.get(f"contracts/{contract}/pages/{page}")
        state = self.client.post(f"contracts/{contract}/page-views", {"pages": pages})["reading"]
        while not state["complete"]:
            time.sleep(1)
            state = self.client.get(f"contracts/{contract}")["reading"]
        return detail

    def confirm(self, contract: str, content_sha256: str) -> None:
        home = {"region": ["吉林省", "长春市", "朝阳区"], "detail": "人民大街 1000 号"}
        body = {"content_sha256": content_sha256, "habitual_residence": home, "registered_residence": home}
        self.client.post(f"contracts/{contract}/confirmation", body)

    def sign(self, contract: str, content_sha256: str) -> float:
        """H3: prove will, draw, submit. Returns the seconds from the tap on "sign" to the sealed revision."""
        challenge = self.prove_will(contract, content_sha256)
        body = {"challenge_id": challenge, "content_sha256": content_sha256, "ink": some_ink()}
        key, tapped = str(uuid.uuid4()), time.monotonic()
        self.client.post(f"contracts/{contract}/signature", body, key=key)
        self.wait_until_sealed(contract)
        return time.monotonic() - tapped

    def wait_until_sealed(self, contract: str, seconds: float = 60) -> None:
        until(lambda: self.client.get(f"contracts/{contract}/progress")["sealed"], seconds, "the worker's signature")

    def wait_until_completed(self, contract: str, seconds: float = 60) -> None:
        def completed() -> bool:
            return bool(self.client.get(f"contracts/{contract}/progress")["status"] == "completed")

        until(completed, seconds, "completion")

    def download(self, contract: str) -> bytes:
        pdf: bytes = self.client.get(f"contracts/{contract}/file")
        return pdf


def some_ink(width: float = 600, height: float = 240) -> dict[str, Any]:
    """Three written strokes, as a finger makes them: 90 points in 1.5 seconds."""
    strokes = []
    for number in range(3):
        points = []
        for step in range(30):
            share = step / 29
            x = width * (0.1 + 0.27 * number + 0.22 * share)
            y = height * (0.5 + 0.3 * math.sin(share * math.pi * 2 + number))
            points.append([round(x, 1), round(y, 1), number * 600 + step * 17, None])
        strokes.append(points)
    return {"width": width, "height": height, "strokes": strokes}


def some_picture() -> bytes:
    """What stands for the photograph of a business licence."""
    output = io.BytesIO()
    Image.linear_gradient("L").resize((900, 640)).save(output, "PNG")
    return output.getvalue()
