"""The ways of real-name verification that this installation offers, as every channel shows them (B2, B3, B4)."""

from typing import Any

from flask_babel import gettext

from app.http.context import client_browser, providers, settings
from app.http.language import language
from app.identity.documents import ACCEPTED, NAMES
from app.identity.face_checks import opens_in
from app.identity.models import IdType

METHODS = {
    "phone": "运营商三要素",
    "bank": "银行卡四要素",
    "face": "人脸认证",
    "manual": "人工审核",
}
FACE_VENDORS = {
    "alipay": "支付宝刷脸",
    "tencent": "腾讯云 E证通（在微信中打开）",
    "wechat": "微信小程序刷脸",
}


def describe_methods() -> list[dict[str, Any]]:
    """All ways, with a reason where one is not offered."""
    return [_describe(method, documents) for method, documents in ACCEPTED.items()]


def _describe(method: Any, documents: Any) -> dict[str, Any]:
    described = {
        "method": str(method),
        "available": method in settings().verification_methods,
        "provider": gettext(METHODS[method]),
        "providers": face_vendors() if method == "face" else [],
        "documents": [{"id_type": str(kind), "label": document_name(kind)} for kind in documents],
    }
    return described if described["available"] else described | {"reason": gettext("平台未开通此方式。")}


def document_name(id_type: str) -> str:
    """What the document is called, in the reader's language."""
    return NAMES[IdType(id_type)][int(language() == "en")]


def pc_vendors() -> list[dict[str, str]]:
    """Those that a computer can show a QR code of; the others live in a mini-program."""
    return [vendor for vendor in face_vendors() if vendor["id"] != "wechat"]


def face_vendors() -> list[dict[str, str]]:
    """Those that are configured: first whose page opens in this browser, of those the preferred one."""
    names = sorted(providers().faces, key=lambda name: not opens_in(name, client_browser()))
    return [{"id": name, "label": gettext(FACE_VENDORS[name])} for name in names]
