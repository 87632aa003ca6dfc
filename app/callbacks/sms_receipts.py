"""Delivery receipts of SMS vendors. Unsigned, so the path holds a secret and nothing depends on them."""

import hmac
from typing import Any

import marshmallow as ma
from marshmallow import validate

from app.core.errors import NotFound
from app.http.api import ApiBlueprint
from app.http.context import settings
from app.http.errors import PayloadTooLarge
from app.notifications.service import note_receipts

blueprint = ApiBlueprint("callbacks", __name__, url_prefix="/api/v1/callbacks", description="供应商回调")

MOST = 500


class _ReceiptSchema(ma.Schema):
    """Vendors add fields as they like; what is not listed is ignored."""

    class Meta:
        unknown = ma.EXCLUDE


class AliyunReceiptSchema(_ReceiptSchema):
    biz_id = ma.fields.String(required=True, validate=validate.Length(1, 120))
    success = ma.fields.Boolean(required=True)


class TencentReceiptSchema(_ReceiptSchema):
    sid = ma.fields.String(required=True, validate=validate.Length(1, 120))
    report_status = ma.fields.String(required=True)


class AliyunAcceptedSchema(ma.Schema):
    code = ma.fields.Integer(required=True)
    msg = ma.fields.String(required=True)


class TencentAcceptedSchema(ma.Schema):
    result = ma.fields.Integer(required=True)
    errmsg = ma.fields.String(required=True)


@blueprint.post("/aliyun-sms/<token>")
@blueprint.arguments(AliyunReceiptSchema(many=True))
@blueprint.response(200, AliyunAcceptedSchema)
def aliyun_receipts(receipts: list[dict[str, Any]], token: str) -> Any:
    """SmsReport of Aliyun: a JSON array. Retried by the vendor unless the answer has code 0."""
    _check(token, receipts)
    note_receipts(provider="aliyun_sms", outcomes={receipt["biz_id"]: receipt["success"] for receipt in receipts})
    return {"code": 0, "msg": "接收成功"}


@blueprint.post("/tencent-sms/<token>")
@blueprint.arguments(TencentReceiptSchema(many=True))
@blueprint.response(200, TencentAcceptedSchema)
def tencent_receipts(receipts: list[dict[str, Any]], token: str) -> Any:
    """Status report of Tencent Cloud: a JSON array."""
    _check(token, receipts)
    outcomes = {receipt["sid"]: receipt["report_status"] == "SUCCESS" for receipt in receipts}
    note_receipts(provider="tencent_sms", outcomes=outcomes)
    return {"result": 0, "errmsg": "OK"}


def _check(token: str, receipts: list[dict[str, Any]]) -> None:
    """An unset secret matches nothing. Vendors send at most a few hundred receipts at once."""
    expected = settings().sms_callback_token
    if not expected or not hmac.compare_digest(token.encode(), expected.encode()):
        raise NotFound
    if len(receipts) > MOST:
        raise PayloadTooLarge
