"""Alipay's gateway: `gateway.do`, RSA2 both ways, GET or form POST.

The response signature covers the exact raw text of the inner object. Which gateway errors come under
`error_response` is not documented; here it is those for which no method is known.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from flask import Flask, request
from werkzeug.wrappers import Request, Response

from sandbox.context import Context
from sandbox.credentials import ALIPAY_APP_ID
from sandbox.vendors import alipay_face, alipay_mini

VENDOR = alipay_face.VENDOR
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_REQUIRED = {
    "method": "isv.missing-method",
    "app_id": "isv.missing-app-id",
    "sign": "isv.missing-signature",
    "sign_type": "isv.missing-signature-type",
    "timestamp": "isv.missing-timestamp",
    "version": "isv.missing-version",
}
_MSG = {
    "20000": "Service Currently Unavailable",
    "40001": "Missing Required Arguments",
    "40002": "Invalid Arguments",
    "40004": "Business Failed",
    "40005": "Call Limited",
}

Method = Callable[[Context, dict[str, Any]], dict[str, Any]]
_METHODS: dict[str, Method] = {
    "alipay.user.certify.open.initialize": alipay_face.initialize,
    "alipay.user.certify.open.query": alipay_face.query,
    "datadigital.fincloud.generalsaas.face.certify.initialize": alipay_face.initialize_successor,
    "datadigital.fincloud.generalsaas.face.certify.verify": alipay_face.verify,
    "datadigital.fincloud.generalsaas.face.certify.query": alipay_face.query,
    alipay_mini.SEND: alipay_mini.send_template_message,
}


class GatewayError(Exception):
    """Refused by the gateway itself."""

    def __init__(self, code: str, sub_code: str, sub_msg: str) -> None:
        super().__init__(sub_code)
        self.code, self.sub_code, self.sub_msg = code, sub_code, sub_msg


def vendor_of(request: Request) -> str | None:
    """The page that the person opens is no call of the product's."""
    browser = request.args.get("method") == alipay_face.CERTIFY or request.path != "/gateway.do"
    return None if browser else VENDOR


def create_app(context: Context) -> Flask:
    app = Flask("sandbox", static_folder="static", static_url_path="/static")
    private = _private_key(context.alipay_keys.alipay_private)
    public = _public_key(context.alipay_keys.app_public)

    @app.route("/gateway.do", methods=["GET", "POST"])
    def gateway() -> Response:
        params = {**request.args.to_dict(), **request.form.to_dict()}
        method = params.get("method", "")
        try:
            content = _verify(params, public)
            if method == alipay_face.CERTIFY:
                return alipay_face.open_page(context, content)
            answer = _call(context, params, content)
        except (GatewayError, alipay_face.BusinessError) as error:
            if method == alipay_face.CERTIFY:
                return alipay_face.error_page(error.sub_msg)
            answer = _failed(error.code, error.sub_code, error.sub_msg)
            if method == alipay_mini.OAUTH_TOKEN:
                method = "error"
        return _signed(context, private, method, answer)

    return app


def _call(context: Context, params: dict[str, str], content: dict[str, Any]) -> dict[str, Any]:
    method = params["method"]
    if context.faults.take(VENDOR, "rate_limit"):
        raise GatewayError("40005", "isv.method-call-limited", "接口调用次数超限")
    if method == alipay_mini.OAUTH_TOKEN:  # its parameters are beside biz_content, its success has no code
        try:
            return alipay_mini.oauth_token(context, params)
        except alipay_mini.CodeInvalid as error:
            raise GatewayError("40002", "isv.code-invalid", "授权码code无效") from error
    if method not in _METHODS:
        raise GatewayError("40002", "isv.invalid-method", "不存在的方法名")
    return {"code": "10000", "msg": "Success", **_METHODS[method](context, content)}


def _verify(params: dict[str, str], public: rsa.RSAPublicKey) -> dict[str, Any]:
    """Check the common parameters and the product's signature; return biz_content. Raises GatewayError."""
    for name, sub_code in _REQUIRED.items():
        if not params.get(name):
            raise GatewayError("40001", sub_code, f"缺少参数 {name}")
    if params["app_id"] != ALIPAY_APP_ID:
        raise GatewayError("40002", "isv.invalid-app-id", "无效的AppID参数")
    if params["sign_type"] != "RSA2":
        raise GatewayError("40002", "isv.invalid-signature-type", "无效的签名类型")
    if params.get("charset", "utf-8").lower() != "utf-8":
        raise GatewayError("40002", "isv.invalid-charset", "编码方式不支持")
    if not _TIMESTAMP.fullmatch(params["timestamp"]):
        raise GatewayError("40002", "isv.invalid-timestamp", "非法的时间戳参数")
    signed = "&".join(f"{name}={value}" for name, value in sorted(params.items()) if name != "sign" and value)
    try:
        public.verify(base64.b64decode(params["sign"]), signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error) as error:
        raise GatewayError("40002", "isv.invalid-signature", "无效签名") from error
    try:
        content = json.loads(params.get("biz_content") or "{}")
    except ValueError as error:
        raise GatewayError("40002", "isv.invalid-parameter", "biz_content 不是 JSON") from error
    if not isinstance(content, dict):
        raise GatewayError("40002", "isv.invalid-parameter", "biz_content 不是 JSON 对象")
    return content


def _failed(code: str, sub_code: str, sub_msg: str) -> dict[str, Any]:
    return {"code": code, "msg": _MSG[code], "sub_code": sub_code, "sub_msg": sub_msg}


def _signed(context: Context, private: rsa.RSAPrivateKey, method: str, answer: dict[str, Any]) -> Response:
    raw = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    covered = raw + " " if context.faults.take(VENDOR, "bad_signature") else raw
    sign = base64.b64encode(private.sign(covered.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()
    root = (
        f"{method.replace('.', '_')}_response" if method in (*_METHODS, alipay_mini.OAUTH_TOKEN) else "error_response"
    )
    return Response(f'{{"{root}":{raw},"sign":"{sign}"}}'.encode(), content_type="text/html;charset=utf-8")


def _private_key(pem: str) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("the gateway's key must be RSA")
    return key


def _public_key(pem: str) -> rsa.RSAPublicKey:
    key = serialization.load_pem_public_key(pem.encode())
    if not isinstance(key, rsa.RSAPublicKey):
        raise TypeError("the app's key must be RSA")
    return key
