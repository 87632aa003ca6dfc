"""A small peer of the worker API for building and testing the client: one worker, a few contracts, all in memory.

Not the platform: it knows the wire's shapes and the client's hard moments (lost answers, slow sealing, wrong codes).
Run `python test/mock_server.py [port]`; `/mock/set?…` changes the state, codes are always 123456.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import sys
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from PIL import Image, ImageDraw, ImageFont

STATIC = Path(__file__).resolve().parents[3] / "h5_static"
FONTS = [
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
    Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"),
]
CSP = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
CODE = "123456"
EMPLOYER = "长春市北国春城新能源汽车零部件制造有限责任公司"
CLAUSES = [
    "第一条 合同期限。本合同为固定期限劳动合同，自2026年12月1日起至2029年11月30日止，其中试用期三个月，自2026年12月1日起至2027年2月28日止。",
    "第二条 工作内容和工作地点。甲方安排乙方从事设备维护工程师岗位工作，工作地点为吉林省长春市朝阳区。甲方根据生产经营需要调整乙方岗位的，应当与乙方协商一致。",
    "第三条 工作时间和休息休假。甲方安排乙方执行标准工时制度，每日工作不超过八小时，每周不超过四十小时，每周至少休息一日。乙方依法享有法定节假日和带薪年休假。",
    "第四条 劳动报酬。乙方月工资为人民币8500元，试用期工资为人民币7000元。甲方于每月15日以货币形式支付上月工资，不得克扣或者无故拖欠。",
    "第五条 社会保险。甲乙双方依法参加社会保险，甲方为乙方办理有关社会保险手续，并承担相应的社会保险义务。",
    "第六条 劳动保护、劳动条件和职业危害防护。甲方按照国家规定为乙方提供必要的劳动防护用品和安全卫生的工作环境。",
]
QR = "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMCA5IDkiPjxwYXRoIGQ9Ik0wIDBoM3YzSDB6TTYgMGgzdjNINnpNMCA2aDN2M0gwek00IDRoMXYxSDR6TTYgNmgxdjFINnpNOCA4aDF2MUg4ek00IDBoMXYySDR6TTAgNGgydjFIMHoiLz48L3N2Zz4="
DOCUMENTS = [{"id_type": kind, "label": label} for kind, label in (("resident_id", "居民身份证"), ("hk_macao_permit", "港澳居民来往内地通行证"), ("taiwan_permit", "台胞证"), ("passport", "护照"))]
METHODS = [
    {"method": "phone", "available": True, "provider": "carrier", "providers": [], "documents": DOCUMENTS[:1]},
    {"method": "bank", "available": True, "provider": "bank", "providers": [], "documents": DOCUMENTS},
    {"method": "face", "available": True, "provider": "alipay", "providers": [{"id": "alipay", "label": "支付宝刷脸"}, {"id": "tencent", "label": "腾讯云 E证通"}], "documents": DOCUMENTS[:1]},
    {"method": "manual", "available": True, "provider": "review", "providers": [], "documents": DOCUMENTS[1:]},
]
PROVIDERS = [{"id": "gov", "label": "吉林省政务服务登录", "by": "redirect"}, {"id": "social_card", "label": "电子社保卡", "by": "qr"}]
PLACES = {name: str(uuid.UUID(int=30 + number)) for number, name in enumerate(("p1", "p2", "s1", "s2"))}
STEPS = {"confirming": "confirm", "signing": "sign", "sealing": "sealing", "completed": "done"}
WORDS = {"confirming": "待确认", "signing": "待签名", "sealing": "签署中", "completed": "已完成", "withdrawn": "已撤回", "terminated": "已终止", "expired": "已过期"}


def now(offset: float = 0) -> str:
    return (dt.datetime.now(dt.UTC) + dt.timedelta(seconds=offset)).isoformat()


class Problem(Exception):
    def __init__(self, status: int, code: str, detail: str, **more: Any) -> None:
        super().__init__(code)
        self.status = status
        self.body = {"type": "about:blank", "title": code, "status": status, "code": code, "detail": detail, **more}


class World:
    """Everything the server knows. `faults` holds one-shot orders: path part → "drop" or a status."""

    def __init__(self) -> None:
        self.logged_in = False
        self.person: dict[str, Any] | None = None
        self.consents: set[str] = set()
        self.look = {"language": "zh-CN", "font_scale": "1"}
        self.contracts = {c["id"]: c for c in map(new_contract, range(1, 4))}
        self.by_number(2).update(status="signing", step="wait", title="保密协议")
        self.by_number(3).update(status="completed", step="done", title="劳动合同续订书")
        self.verifications: dict[str, dict[str, Any]] = {}
        self.intents: dict[str, dict[str, Any]] = {}
        self.checks: dict[str, dict[str, Any]] = {}
        self.download_check = self.open_check = False
        self.messages = [{"id": str(uuid.UUID(int=40)), "title": "有一份合同等您签署", "body": f"{EMPLOYER}向您发来《劳动合同书》。", "target": {"kind": "contract", "id": self.by_number(1)["id"]}, "created_at": now(-3600), "read_at": None}]
        self.answers: dict[str, tuple[int, Any]] = {}
        self.requests: list[dict[str, Any]] = []
        self.faults: dict[str, str] = {}
        self.bindings = [{"id": str(uuid.UUID(int=20 + n)), "kind": kind, "label": label, "bound_at": now(-9e5)} for n, (kind, label) in enumerate({"weixin": "微信", "gov": "吉林省政务服务"}.items())]
        self.elsewhere = "waiting"
        self.third = "needs_phone"
        self.claim = ""
        self.mini_programs = ["weixin"]
        self.agent = self.base = ""
        self.seal_seconds = 1.5
        self.read_seconds = 6

    def ticket(self) -> dict[str, Any]:
        return {"ticket": "T1", "qr": QR, "url": "http://pc/h5/#/pages/scan/index?k=K1", "expires_at": now(120), "poll_after": 2}

    def by_number(self, number: int) -> dict[str, Any]:
        return next(c for c in self.contracts.values() if c["n"] == number)


def new_contract(n: int) -> dict[str, Any]:
    return {"id": str(uuid.UUID(int=n)), "n": n, "title": "劳动合同书", "status": "confirming", "step": "confirm", "seen": set(), "opened": None, "complete": False, "confirmation": None, "reason": None, "signed_at": None}


W = World()
LOCK = threading.RLock()


def card(c: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": c["id"], "number": f"HT2026112000{c['n']}", "title": c["title"], "organisation": EMPLOYER, "status": c["status"],
        "status_text": WORDS[c["status"]] if c["step"] != "wait" else "待对方盖章", "waiting_for_me": c["step"] in ("confirm", "sign"),
        "my_step": c["step"], "updated_at": now(-600), "sent_at": now(-86400), "deadline_at": now(6 * 86400),
    }


def contract(c: dict[str, Any]) -> dict[str, Any]:
    advance(c)
    terms = {"employer": EMPLOYER, "worker": "阿卜杜拉·𠮷尔", "post": "设备维护工程师", "place": "吉林省长春市朝阳区", "term": "固定期限 3 年", "start_on": "2026-12-01", "end_on": "2029-11-30", "probation": "3 个月", "pay": "8500 元/月（试用期 7000 元/月）", "hours": "标准工时，每周 40 小时"}
    done = c["step"] in ("wait", "sealing", "done")
    state = "signed" if done else "confirmed" if c["step"] == "sign" else "waiting"
    actions = {"confirm": ["confirm", "terminate"], "sign": ["sign", "terminate"], "done": ["download"]}.get(c["step"], [])
    ended = {"at": now(), "reason": c["reason"] or ""} if c["status"] == "terminated" else None
    return card(c) | {
        "kind": "labour_contract", "content_sha256": "9f" * 32, "page_count": 6, "pages": [{"number": n, "width": 595, "height": 842} for n in range(1, 7)],
        "key_terms": terms, "parties": [
            {"id": PLACES["p1"], "kind": "worker", "name": terms["worker"], "is_me": True, "order": 1, "state": state, "acted_at": None},
            {"id": PLACES["p2"], "kind": "organisation", "name": EMPLOYER, "is_me": False, "order": 2, "state": "sealed" if c["step"] == "done" else "waiting", "acted_at": None},
        ],
        "places": [
            {"id": PLACES["s1"], "page": 6, "x": 0.55, "y": 0.62, "width": 0.3, "height": 0.08, "kind": "signature", "party_id": PLACES["p1"], "mine": True},
            {"id": PLACES["s2"], "page": 6, "x": 0.12, "y": 0.58, "width": 0.25, "height": 0.18, "kind": "seal", "party_id": PLACES["p2"], "mine": False},
        ],
        "reading": reading(c), "intent_methods": ["sms", "face"], "signature_rule": "handwriting", "confirmation": c["confirmation"],
        "termination": ended, "withdrawal": None, "download": c["step"] == "done", "download_check": W.download_check, "actions": actions,
    }


def reading(c: dict[str, Any]) -> dict[str, Any]:
    spent = time.time() - c["opened"] if c["opened"] else 0
    c["complete"] = c["complete"] or (len(c["seen"]) == 6 and spent >= W.read_seconds)
    opened = dt.datetime.fromtimestamp(c["opened"], dt.UTC).isoformat() if c["opened"] else None
    return {"required_seconds": W.read_seconds, "seen_pages": sorted(c["seen"]), "opened_at": opened, "complete": c["complete"], "seconds_left": 0}


def advance(c: dict[str, Any]) -> None:
    if c["step"] == "sealing" and time.time() - c["signed_at"] > W.seal_seconds:
        c.update(step="wait", status="signing")


def session() -> dict[str, Any]:
    return {"account_id": str(uuid.UUID(int=99)), "phone_masked": "138****5678", "csrf_token": "csrf-1", "expires_at": now(86400), "person": W.person, "unread": unread(), "has_password": False, **W.look}


def unread() -> int:
    return sum(1 for m in W.messages if not m["read_at"])


def page_picture(c: dict[str, Any], n: int, width: int) -> bytes:
    height = int(width * 842 / 595)
    image = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(image)
    size = width // 42
    fonts = [ImageFont.truetype(str(next(f for f in FONTS if f.exists())), s) for s in (size, size * 2)]
    y = width // 12
    if n == 1:
        draw.text((width / 2, y), "劳 动 合 同 书", font=fonts[1], fill=0, anchor="mt")
        y += size * 4
    for line in wrapped(CLAUSES[n - 1] * 5, 36):
        draw.text((width // 10, y), line, font=fonts[0], fill=20)
        y += int(size * 1.75)
    if n == 6:
        draw.text((int(width * 0.12), int(height * 0.55)), "甲方（盖章）：", font=fonts[0], fill=0)
        draw.text((int(width * 0.55), int(height * 0.58)), "乙方（签名）：", font=fonts[0], fill=0)
    draw.text((width / 2, height - size * 2), f"第 {n} 页 共 6 页", font=fonts[0], fill=90, anchor="mt")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def wrapped(text: str, length: int) -> list[str]:
    return [text[i : i + length] for i in range(0, len(text), length)]


AGREEMENTS = {
    "user_agreement": "用户服务协议", "privacy_policy": "隐私政策", "verification_consent": "实名认证授权书", "face_consent": "人脸信息处理同意书", "esign_consent": "电子签名使用协议",
}


def agreement_title(kind: str) -> dict[str, Any]:
    return {"kind": kind, "version": "2026-11", "title": AGREEMENTS[kind], "required_for": "login" if kind in ("user_agreement", "privacy_policy") else "verification"}


def agreement(kind: str) -> dict[str, Any]:
    text = "# 一、我们收集什么\n\n为了核实您的身份，我们需要您的姓名和身份证号。\n\n- 只用于本次认证和签署\n- 加密保存\n\n# 二、您的权利\n\n您可以随时查看、更正，或撤回同意。" * 2
    return agreement_title(kind) | {"text": text, "sha256": "0" * 64}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Quiet: the tests read `/mock/requests` instead."""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path.startswith("/mock/"):
            return self.mock(url.path, {k: v[0] for k, v in parse_qs(url.query).items()})
        if url.path.startswith("/api/"):
            return self.api("GET", url.path.removeprefix("/api/v1"), {k: v[0] for k, v in parse_qs(url.query).items()})
        return self.static(url.path)

    def do_POST(self) -> None:
        self.api("POST", urlsplit(self.path).path.removeprefix("/api/v1"), {})

    def do_PUT(self) -> None:
        self.do_other("PUT")

    def do_DELETE(self) -> None:
        self.do_other("DELETE")

    def do_other(self, method: str) -> None:
        self.api(method, urlsplit(self.path).path.removeprefix("/api/v1"), {})

    def static(self, path: str) -> None:
        if path in ("/", "/h5"):
            return self.reply(302, b"", "text/plain", {"Location": "/h5/"})
        file = STATIC / (path.removeprefix("/h5/") or "index.html")
        if not file.is_file():
            return self.reply(404, b"not found", "text/plain")
        self.reply(200, file.read_bytes(), TYPES.get(file.suffix, "application/octet-stream"), {"Content-Security-Policy": CSP})

    def mock(self, path: str, query: dict[str, str]) -> None:
        """State and fault orders for tests, and the provider's face page."""
        global W
        with LOCK:
            if path == "/mock/requests":
                return self.json(200, W.requests)
            if path == "/mock/reset":
                W = World()
            if path == "/mock/face":
                return self.face(query)
            if query.get("verified"):
                W.person = {"name": "阿卜杜拉·𠮷尔", "id_number_masked": "220***********1234", "verified_at": now(), "method": "phone"}
                W.consents = set(AGREEMENTS)
            W.logged_in = W.logged_in or bool(query.get("login"))
            if query.get("step"):
                status = next((s for s, step in STEPS.items() if step == query["step"]), "signing")
                W.by_number(1).update(step=query["step"], status=query.get("status", status), complete=True, signed_at=time.time())
            W.mini_programs = query["mini_programs"].split(",") if "mini_programs" in query else W.mini_programs
            W.elsewhere, W.third, W.claim = (query.get(name, getattr(W, name)) for name in ("elsewhere", "third", "claim"))
            W.download_check = W.download_check or bool(query.get("download_check"))
            W.open_check = W.open_check or bool(query.get("open_check"))
            W.seal_seconds = float(query.get("seal", W.seal_seconds))
            W.read_seconds = int(query.get("read", W.read_seconds))
            if query.get("fault"):
                W.faults[query["fault"]] = query.get("how", "drop")
            headers = {"Set-Cookie": "sid=1; Path=/; HttpOnly; SameSite=Lax"} if W.logged_in else {}
            self.reply(200, b"{}", "application/json", headers)

    def face(self, query: dict[str, str]) -> None:
        item = W.verifications.get(query["id"]) or W.checks.get(query["id"]) or W.intents[query["id"]]
        if "result" in query:
            item.pop("url", None), item.pop("qr", None)
            good = "verified" if query["id"] in W.verifications else "passed" if query["id"] in W.checks else "proved"
            item["status"] = good if query["result"] == "pass" else query["result"]
            if item["status"] == "verified":
                W.person = {"name": "阿卜杜拉·𠮷尔", "id_number_masked": "220***********1234", "verified_at": now(), "method": "face"}
            return self.reply(302, b"", "text/plain", {"Location": query["back"]})
        here = self.path.replace("&", "&amp;")
        links = "".join(f'<p><a id="{r}" href="{here}&amp;result={r}">{r}</a></p>' for r in ("pass", "failed", "cancelled"))
        self.reply(200, f"<!doctype html><meta charset=utf-8><title>face</title>{links}".encode(), "text/html; charset=utf-8")

    def api(self, method: str, path: str, query: dict[str, str]) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        key = self.headers.get("Idempotency-Key")
        with LOCK:
            W.agent, W.base = self.headers.get("User-Agent", ""), f"http://{self.headers['Host']}"
            W.requests.append({"method": method, "path": path, "key": key, "body": raw.decode(errors="replace")})
            fault = next((W.faults.pop(part) for part in list(W.faults) if part in f"{method} {path}"), None)
            if fault == "lost_request":
                return self.close()
            status, body = self.answer(method, path, query, raw, key)
            if fault == "drop":
                return self.close()
            if fault and fault.isdigit():
                return self.reply(int(fault), b"<html>bad gateway</html>", "text/html")
        if isinstance(body, bytes):
            return self.reply(status, body, "image/png" if "/pages/" in path else "application/pdf", {"Cache-Control": "private, no-store"})
        self.json(status, body, {"Set-Cookie": "sid=1; Path=/; HttpOnly; SameSite=Lax"} if path.startswith("/worker/login") and path.endswith(("login", "session")) and status == 200 else {})

    def close(self) -> None:
        self.close_connection = True
        self.connection.close()

    def answer(self, method: str, path: str, query: dict[str, str], raw: bytes, key: str | None) -> tuple[int, Any]:
        if key and key in W.answers:
            return W.answers[key]
        try:
            self.check(method, path)
            result: tuple[int, Any] = handle(method, path, query, {} if raw.startswith(b"--") else json.loads(raw or b"{}"))
        except Problem as problem:
            result = (problem.status, problem.body)
        if key and result[0] < 500:
            W.answers[key] = result
        if self.server.watch and not raw.startswith(b"--"):
            self.server.watch(method, path, json.loads(raw or b"{}"), *(json.loads(json.dumps(part, default=lambda _: None)) for part in result))
        return result

    def check(self, method: str, path: str) -> None:
        public = path.startswith(("/worker/login", "/worker/agreements", "/h5/links/preview", "/h5/links/mini-program", "/help", "/worker/face-handovers", "/worker/face-vendors"))
        if public:
            return
        if not W.logged_in:
            raise Problem(401, "session_ended", "登录已过期，请重新登录。")
        if method != "GET" and self.headers.get("X-CSRF-Token") != "csrf-1":
            raise Problem(403, "csrf_refused", "页面已过期，请刷新。")

    def json(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        kind = "application/json" if status < 400 else "application/problem+json"
        self.reply(status, b"" if body is None else json.dumps(body, ensure_ascii=False).encode(), kind, headers)

    def reply(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), "X-Content-Type-Options": "nosniff", **(headers or {})}.items():
            self.send_header(name, value)
        try:
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError:  # the phone went to another page
            self.close_connection = True


def handle(method: str, path: str, query: dict[str, str], body: dict[str, Any]) -> tuple[int, Any]:
    for verb, pattern, view in ROUTES:
        match = re.fullmatch(pattern, path)
        if verb == method and match:
            return view(*match.groups(), **({"query": query} if verb == "GET" else {"body": body}))
    raise Problem(404, "not_found", "没有找到您要的内容。")


def log_in(body: dict[str, Any]) -> tuple[int, Any]:
    if body["code"] != CODE:
        raise Problem(422, "code_wrong", "验证码不正确。", attempts_left=4)
    W.logged_in = True
    target = {"target": {"kind": "contract", "id": W.by_number(1)["id"]}} if body.get("link_token") else {}
    return 200, session() | target


def log_out(body: dict[str, Any]) -> tuple[int, Any]:
    W.logged_in = False
    return 204, None


def preview(body: dict[str, Any]) -> tuple[int, Any]:
    if body["token"] == "expired":
        raise Problem(410, "link_expired", "链接已过期，请登录后在“待我签”中查看，或请用人单位重新发送。")
    return 200, {"purpose": "contract", "organisation": EMPLOYER, "expires_at": now(86400), "mini_programs": W.mini_programs}


def change_look(body: dict[str, Any]) -> tuple[int, Any]:
    W.look.update(body)
    return 200, session()


def give_consent(body: dict[str, Any]) -> tuple[int, Any]:
    W.consents.add(body["kind"])
    return 201, consent(body["kind"])


def consent(kind: str) -> dict[str, Any]:
    given = kind in W.consents
    return {"kind": kind, "version": "2026-11", "given_at": now() if given else None, "current": given}


def face_place(item_id: str, body: dict[str, Any]) -> dict[str, str]:
    """Where the check is done. WeChat's browser opens no Alipay, a PC has no camera: then there is a QR code, too."""
    elsewhere = body.get("where") == "phone" or ("MicroMessenger" in W.agent and body.get("provider") != "tencent")
    back = "/h5/#/pages/face/elsewhere" if elsewhere else body["return_path"]
    return {"url": f"{W.base}/mock/face?{urlencode({'id': item_id, 'back': back})}"} | ({"qr": QR} if elsewhere else {})


def log_in_elsewhere(body: dict[str, Any]) -> tuple[int, Any]:
    W.logged_in = True
    return 200, session()


def start_face_login(body: dict[str, Any]) -> tuple[int, Any]:
    ticket = str(uuid.uuid4())
    W.checks[ticket] = {"status": "waiting"}
    return 201, {"ticket": ticket, "status": "waiting", "expires_at": now(600)} | face_place(ticket, body)


def start_download_check(contract_id: str, body: dict[str, Any]) -> tuple[int, Any]:
    check_id = str(uuid.uuid4())
    if body.get("method") == "sms":
        W.intents[check_id] = {"id": check_id, "method": "sms", "status": "code_sent", "expires_at": now(300), "resend_after": 60}
        return 201, {name: value for name, value in W.intents[check_id].items() if name != "method"}
    W.checks[check_id] = {"id": check_id, "status": "waiting", "expires_at": now(300)} | face_place(check_id, body)
    return 201, W.checks[check_id]


def signed_file(contract_id: str, query: dict[str, str]) -> tuple[int, Any]:
    proof = W.intents.get(query.get("intent", ""), {}).get("status") or W.checks.get(query.get("face_check", ""), {}).get("status")
    if W.download_check and proof not in ("proved", "passed"):
        raise Problem(403, "download_check_required", "下载前请先核验本人。")
    return 200, b"%PDF-1.7\n%%EOF\n"


def unlock(contract_id: str, body: dict[str, Any]) -> tuple[int, Any]:
    proof = W.intents.get(body.get("intent") or "", {}).get("status") or W.checks.get(body.get("face_check") or "", {}).get("status")
    if proof not in ("proved", "passed"):
        raise Problem(409, "face_check_not_passed", "人脸核验未通过，请重新核验。")
    W.open_check = False
    return 204, None


HANDOVER = {"name": "阿***", "account": "138****5678", "purpose": "intent", "title": "劳动合同书", "vendor": "alipay", "device": "Mozilla/5.0 (Windows NT 10.0) Chrome/120", "ip": "39.144.1.2", "same_network": False, "taken": False}


def unbind(binding_id: str, body: dict[str, Any]) -> tuple[int, Any]:
    W.bindings = [one for one in W.bindings if one["id"] != binding_id]
    return 204, None


def claim(item_id: str, body: dict[str, Any]) -> tuple[int, Any]:
    W.verifications[item_id].pop("claim")
    W.person = {"name": "阿卜杜拉·𠮷尔", "id_number_masked": "220***********1234", "verified_at": now(), "method": "phone"}
    return 200, session()


def current_verification(query: dict[str, str]) -> tuple[int, Any]:
    return next(((200, one) for one in reversed(W.verifications.values()) if one["status"] in ("waiting", "code_sent", "reviewing")), (204, None))


def start_verification(body: dict[str, Any]) -> tuple[int, Any]:
    if body["name"] == "不匹配":
        raise Problem(422, "identity_mismatch", "姓名、身份证号与手机号不一致，请核对后重试。")
    status = {"face": "waiting", "manual": "reviewing"}.get(body["method"], "code_sent")
    item = {"id": str(uuid.uuid4()), "method": body["method"], "expires_at": now(600), "status": status, "resend_after": 60}
    if body["method"] == "bank":
        item["phone_masked"] = "139****0001"
    if body["method"] == "face":
        item |= face_place(item["id"], body)
    W.verifications[item["id"]] = item
    return 201, item


def prove_verification(item_id: str, body: dict[str, Any]) -> tuple[int, Any]:
    if body["code"] != CODE:
        raise Problem(422, "code_wrong", "验证码不正确。", attempts_left=4)
    W.verifications[item_id]["status"] = "verified"
    if W.claim:
        # the person still belongs to the older account
        wanted = W.verifications[item_id]["method"] == "phone"
        W.verifications[item_id]["claim"] = {"phone_masked": W.claim, "proof_wanted": wanted}
        return 200, W.verifications[item_id]
    W.person = {"name": "阿卜杜拉·𠮷尔", "id_number_masked": "220***********1234", "verified_at": now(), "method": "phone"}
    return 200, W.verifications[item_id]


def home(query: dict[str, str]) -> tuple[int, Any]:
    cards = [card(c) for c in W.contracts.values()]
    counts = {box: len(in_box(box)) for box in ("waiting", "others", "done", "all")}
    return 200, {"counts": counts, "todo": [c for c in cards if c["waiting_for_me"]], "onboardings": [], "authorisations": [], "unread": unread()}


def in_box(box: str) -> list[dict[str, Any]]:
    steps = {"waiting": ("confirm", "sign"), "others": ("wait", "sealing"), "done": ("done",)}.get(box)
    return [card(c) for c in W.contracts.values() if not steps or c["step"] in steps]


def contract_of(contract_id: str) -> dict[str, Any]:
    if contract_id not in W.contracts:
        raise Problem(404, "not_found", "没有找到您要的内容，可能已被删除，或不属于当前账号。")
    if not W.person:
        raise Problem(403, "verification_required", "请先完成实名认证。")
    return W.contracts[contract_id]


def view_pages(contract_id: str, body: dict[str, Any]) -> tuple[int, Any]:
    c = contract_of(contract_id)
    c["opened"] = c["opened"] or time.time()
    c["seen"].update(body["pages"])
    return 200, {"reading": reading(c)}


def show(contract_id: str, query: dict[str, str]) -> tuple[int, Any]:
    c = contract_of(contract_id)
    if W.open_check:
        told = {"contract_id": c["id"], "contract_title": c["title"], "organisation": EMPLOYER, "ways": ["sms", "face", "pin"]}
        raise Problem(403, "opening_check_required", "查看前请先核对本人。", **told)
    c["opened"] = c["opened"] or time.time()
    return 200, contract(c)


def confirm(contract_id: str, body: dict[str, Any]) -> tuple[int, Any]:
    c = contract_of(contract_id)
    c.update(step="sign", status="signing", confirmation={"at": now(), **{k: body[k] for k in ("habitual_residence", "registered_residence")}})
    return 200, contract(c)


def terminate(contract_id: str, body: dict[str, Any]) -> tuple[int, Any]:
    c = contract_of(contract_id)
    c.update(step="ended", status="terminated", reason=body["reason"])
    return 200, contract(c)


def start_intent(contract_id: str, body: dict[str, Any]) -> tuple[int, Any]:
    contract_of(contract_id)
    item = {"id": str(uuid.uuid4()), "method": body["method"], "expires_at": now(600), "status": "code_sent" if body["method"] == "sms" else "waiting", "resend_after": 60}
    if body["method"] == "face":
        item |= face_place(item["id"], body)
    W.intents[item["id"]] = item
    return 201, item


def prove_intent(item_id: str, body: dict[str, Any]) -> tuple[int, Any]:
    if body["code"] != CODE:
        raise Problem(422, "code_wrong", "验证码不正确。", attempts_left=4)
    W.intents[item_id]["status"] = "proved"
    return 200, W.intents[item_id]


def sign(contract_id: str, body: dict[str, Any]) -> tuple[int, Any]:
    c = contract_of(contract_id)
    intent = W.intents.get(body["challenge_id"])
    if c["step"] != "sign":
        raise Problem(409, "action_not_allowed", "合同状态已变化。")
    if not intent or intent["status"] != "proved":
        raise Problem(409, "intent_not_proved", "请先完成本人意愿确认。")
    intent["status"] = "used"
    c.update(step="sealing", status="sealing", signed_at=time.time())
    return 200, contract(c)


def progress(contract_id: str, query: dict[str, str]) -> tuple[int, Any]:
    c = contract_of(contract_id)
    advance(c)
    delayed = c["step"] == "sealing" and W.seal_seconds > 10
    return 200, {"status": c["status"], "my_step": c["step"], "sealed": c["step"] != "sealing", "waiting_for": "organisation" if c["step"] == "wait" else "platform", "updated_at": now(), "delayed": delayed}


def timeline(contract_id: str, query: dict[str, str]) -> tuple[int, Any]:
    contract_of(contract_id)
    return 200, [{"at": now(-86400), "text": "用人单位发送了合同", "actor": "organisation"}, {"at": now(-600), "text": "劳动者打开了合同", "actor": "you"}]


def read_messages(body: dict[str, Any]) -> tuple[int, Any]:
    for message in W.messages:
        if body.get("all") or message["id"] in body.get("ids", []):
            message["read_at"] = now()
    return 200, {"unread": unread()}


HELP = {"telephone": "12333", "hours": "工作日 8:30–17:30", "questions": [{"q": "签电子合同要收费吗？", "a": "不收费。查看、下载、打印都免费。"}, {"q": "电子劳动合同有法律效力吗？", "a": "有。依法签订的电子劳动合同与纸质合同有同等法律效力。"}]}
ID = "([0-9a-f-]+)"
ROUTES: list[tuple[str, str, Any]] = [
    ("POST", "/worker/login/codes", lambda body: (202, {"resend_after": 60, "expires_in": 300})),
    ("POST", "/worker/login", log_in),
    ("POST", "/worker/login/qr", lambda body: (201, W.ticket())),
    ("POST", "/worker/login/qr/status", lambda body: (200, {"status": W.elsewhere})),
    ("POST", "/worker/login/qr/session", log_in_elsewhere),
    ("GET", "/worker/login/providers", lambda query: (200, PROVIDERS)),
    ("POST", "/worker/login/providers/(\\w+)", lambda kind, body: (201, W.ticket() if kind == "social_card" else {"url": "/h5/#/pages/login/third?ticket=T1", "expires_at": now(300)})),
    ("POST", "/worker/login/third/status", lambda body: (200, {"status": W.third})),
    ("POST", "/worker/login/third/codes", lambda body: (202, {"resend_after": 60, "expires_in": 300})),
    ("POST", "/worker/login/third/session", log_in_elsewhere),
    ("POST", "/worker/login/face", start_face_login),
    ("POST", "/worker/login/face/status", lambda body: (200, W.checks[body["ticket"]])),
    ("POST", "/worker/login/face/session", log_in_elsewhere),
    ("POST", "/worker/scans", lambda body: (200, {"id": str(uuid.UUID(int=7)), "device": "Mozilla/5.0 (Windows NT 10.0) Chrome/120", "ip": "39.144.1.2", "same_network": False, "requested_at": now(-20), "expires_at": now(100), "status": "scanned"})),
    ("POST", f"/worker/scans/{ID}/confirmation", lambda i, body: (200, {})),
    ("DELETE", f"/worker/scans/{ID}", lambda i, body: (204, None)),
    ("GET", "/worker/bindings", lambda query: (200, W.bindings)),
    ("DELETE", f"/worker/bindings/{ID}", unbind),
    ("POST", "/worker/phone/codes", lambda body: (202, {"resend_after": 60, "expires_in": 300})),
    ("POST", "/worker/phone/old-code", lambda body: (202, {"resend_after": 60, "expires_in": 300})),
    ("POST", "/worker/phone", lambda body: (204, None)),
    ("POST", f"/worker/verifications/{ID}/claim", claim),
    ("POST", "/worker/verification-documents", lambda body: (201, {"id": str(uuid.uuid4())})),
    ("GET", "/worker/agreements", lambda query: (200, [agreement_title(k) for k in AGREEMENTS])),
    ("GET", "/worker/agreements/(\\w+)", lambda kind, query: (200, agreement(kind))),
    ("POST", "/h5/links/preview", preview),
    ("POST", "/h5/links/mini-program", lambda body: (200, {"url": f"{W.base}/mock/mini?platform={body['platform']}"})),
    ("POST", "/h5/links/claim", lambda body: (200, {"target": {"kind": "contract", "id": W.by_number(1)["id"]}})),
    ("GET", "/worker/session", lambda query: (200, session())),
    ("DELETE", "/worker/session", log_out),
    ("PUT", "/worker/preferences", change_look),
    ("GET", "/worker/consents", lambda query: (200, [consent(k) for k in AGREEMENTS])),
    ("POST", "/worker/consents", give_consent),
    ("GET", "/worker/verification-methods", lambda query: (200, METHODS)),
    ("POST", "/worker/verifications", start_verification),
    ("GET", "/worker/verifications/current", current_verification),
    ("GET", f"/worker/verifications/{ID}", lambda i, query: (200, W.verifications[i])),
    ("POST", f"/worker/verifications/{ID}/code", prove_verification),
    ("POST", f"/worker/verifications/{ID}/resend", lambda i, body: (200, W.verifications[i])),
    ("GET", "/worker/home", home),
    ("GET", "/worker/contracts", lambda query: (200, {"items": in_box(query["box"]), "next_cursor": None})),
    ("GET", f"/worker/contracts/{ID}", show),
    ("GET", f"/worker/contracts/{ID}/pages/(\\d+)", lambda i, n, query: (200, page_picture(contract_of(i), int(n), int(query["width"])))),
    ("GET", f"/worker/contracts/{ID}/text", lambda i, query: (200, {"content_sha256": "9f" * 32, "pages": [{"number": n, "paragraphs": [p for p in ("劳动合同书" if n == 1 else "", *[CLAUSES[n - 1]] * 4) if p]} for n in range(1, 7)]})),
    ("POST", f"/worker/contracts/{ID}/page-views", view_pages),
    ("POST", f"/worker/contracts/{ID}/confirmation", confirm),
    ("POST", f"/worker/contracts/{ID}/termination", terminate),
    ("POST", f"/worker/contracts/{ID}/intents", start_intent),
    ("GET", f"/worker/intents/{ID}", lambda i, query: (200, W.intents[i])),
    ("POST", f"/worker/intents/{ID}/code", prove_intent),
    ("POST", f"/worker/intents/{ID}/resend", lambda i, body: (200, W.intents[i])),
    ("POST", f"/worker/contracts/{ID}/signature", sign),
    ("GET", f"/worker/contracts/{ID}/progress", progress),
    ("GET", f"/worker/contracts/{ID}/timeline", timeline),
    ("GET", f"/worker/contracts/{ID}/file", signed_file),
    ("POST", f"/worker/contracts/{ID}/download-checks", start_download_check),
    ("POST", f"/worker/contracts/{ID}/opening-checks", start_download_check),
    ("POST", f"/worker/contracts/{ID}/opening", unlock),
    ("POST", "/worker/phone/face-checks", lambda body: start_download_check("", body)),
    ("GET", "/worker/face-vendors", lambda query: (200, METHODS[2]["providers"])),
    ("POST", "/worker/face-handovers/preview", lambda body: (200, HANDOVER | {"requested_at": now(-30), "expires_at": now(570)})),
    ("POST", "/worker/face-handovers/continuation", lambda body: (200, {"url": f"{W.base}/h5/#/pages/face/elsewhere"})),
    ("POST", "/worker/face-handovers/refusal", lambda body: (204, None)),
    ("GET", f"/worker/face-checks/{ID}", lambda i, query: (200, W.checks[i])),
    ("GET", "/worker/messages", lambda query: (200, {"items": W.messages, "next_cursor": None})),
    ("POST", "/worker/messages/read", read_messages),
    ("GET", "/help", lambda query: (200, HELP)),
]

class Server(ThreadingHTTPServer):
    daemon_threads = True
    watch: Any = None


def serve(port: int = 0, watch: Any = None) -> Server:
    """A listening server on 127.0.0.1; the caller runs `serve_forever`. `watch`: told of every exchange."""
    server = Server(("127.0.0.1", port), Handler)
    server.watch = watch
    return server


if __name__ == "__main__":
    server = serve(int(sys.argv[1]) if len(sys.argv) > 1 else 8765)
    print(f"http://127.0.0.1:{server.server_port}/h5/", flush=True)
    server.serve_forever()
