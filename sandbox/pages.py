"""Pages on which a developer reads short messages, plays the person, and orders faults."""

from datetime import datetime
from urllib.parse import urlsplit

from flask import Flask, abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from sandbox.clock import SHANGHAI
from sandbox.context import Context
from sandbox.faces import CAMERAS
from sandbox.faults import VENDOR_KINDS, VENDORS, WIRE_KINDS, Fault

_KIND_NAMES = {
    "latency": "延迟应答",
    "timeout": "超时不答",
    "lost_answer": "办完但应答丢失",
    "refuse": "断开连接",
    "http_500": "HTTP 500",
    "malformed": "应答残缺",
    "wrong_content_type": "内容类型错误",
    "rate_limit": "频率超限",
    "bad_signature": "应答签名错误",
    "token_expired": "令牌中途过期",
    "token_refused": "令牌被拒",
    "user_blocked": "用户被平台限制",
    "wrong_issuer": "令牌签发者不符",
    "wrong_audience": "令牌受众不符",
    "wrong_nonce": "令牌属于另一次登录",
    "unsigned": "令牌未签名",
    "duplicate_callback": "回执重复",
    "early_callback": "回执早于应答",
}


def add_pages(app: Flask, context: Context, product_url: str) -> None:
    _add_faults(app, context)
    _add_faces(app, context)

    @app.template_filter("shanghai")
    def shanghai(moment: str) -> str:
        return datetime.fromisoformat(moment).astimezone(SHANGHAI).strftime("%m-%d %H:%M:%S")

    @app.context_processor
    def common() -> dict[str, object]:
        return {"product_url": product_url, "kind_names": _KIND_NAMES}

    @app.get("/")
    def messages() -> str:
        phone = request.args.get("phone", "").strip()
        sent = [*context.outbox.listed(phone or None, 60), *context.phones.messages(phone or None, 60)]
        newest = sorted(sent, key=lambda message: str(message["at"]), reverse=True)
        return render_template("messages.html", messages=newest, phone=phone)

    @app.get("/mini/weixin/<handle>")
    def mini_link(handle: str) -> str:
        """What a URL link of WeChat opens."""
        link = context.store.row("SELECT * FROM mini_link WHERE handle = ?", handle) or abort(404)
        expired = datetime.fromisoformat(link["expires_at"]) <= context.clock.now()
        return render_template("mini_link.html", link=link, expired=expired)

    @app.get("/world")
    def world() -> str:
        return render_template(
            "world.html", persons=context.world.persons(), organisations=context.world.organisations()
        )


def _add_faces(app: Flask, context: Context) -> None:
    @app.get("/faces")
    def faces() -> str:
        return render_template("faces.html", faces=context.faces.listed())

    @app.post("/faces/<ref>")
    def settle(ref: str) -> Response:
        if not context.faces.decide(ref, request.form.get("result", "")):
            flash("这次核身已完成或已过期。")
        return redirect("/faces")

    @app.get("/face/<ref>")
    def show_face(ref: str) -> str:
        """The page on which a developer is the person in front of the camera, whichever vendor's."""
        face = context.faces.find(ref) or abort(404)
        context.faces.begin(ref)
        label = CAMERAS[face["vendor"]].label
        return render_template("face.html", face=face, label=label, expired=context.faces.expired(face))

    @app.post("/face/<ref>")
    def play_face(ref: str) -> Response:
        face = context.faces.find(ref) or abort(404)
        settled = context.faces.decide(ref, request.form.get("result", ""))
        return redirect(face["return_url"] if settled and face["return_url"] else request.url)


def _add_faults(app: Flask, context: Context) -> None:
    @app.get("/faults")
    def faults() -> str:
        kinds = {kind: _KIND_NAMES[kind] for kind in WIRE_KINDS + VENDOR_KINDS}
        return render_template("faults.html", armed=context.faults.listed(), vendors=VENDORS, kinds=kinds)

    @app.post("/faults")
    def arm() -> Response:
        form = request.form
        try:
            times, seconds = int(form.get("times", "1")), float(form.get("seconds", "1"))
            context.faults.arm(Fault(form.get("vendor", ""), form.get("kind", ""), times, seconds))
        except ValueError as error:
            flash(str(error))
        return redirect("/faults")

    @app.post("/faults/clear")
    def clear() -> Response:
        context.faults.clear()
        return redirect("/faults")


def guard(app: Flask) -> None:
    """Only this machine's own pages may order things: no other site, and no name that was rebound to loopback."""

    @app.before_request
    def refuse_strangers() -> Response | None:
        host = urlsplit(f"//{request.host}").hostname
        origin = request.headers.get("Origin")
        if host not in ("127.0.0.1", "localhost", "::1"):
            return Response("沙箱只在本机使用", 403)
        if request.method not in ("GET", "HEAD") and origin not in (None, request.host_url.rstrip("/")):
            return Response("不接受其他网站发来的请求", 403)
        return None
