"""Tencent faceid `PhoneVerification`: the carriers' three-factor check."""

from typing import Any

from sandbox.checkdigits import is_id_number, is_mobile
from sandbox.context import Context
from sandbox.vendors.tencent_faceid import limit, required

_DESCRIPTIONS = {
    "0": "认证通过",
    "-4": "手机号、姓名、身份证号不一致",
    "-6": "手机号码不合法",
    "-7": "身份证号码有误",
    "-8": "姓名校验不通过",
    "-9": "没有记录",
    "-13": "手机号段暂不支持查询",
}
# Segments of virtual operators, which the carriers do not answer for.
_VIRTUAL = ("162", "165", "167", "170", "171")


def phone_verification(context: Context, body: dict[str, Any]) -> dict[str, Any]:
    """`{IdCard, Name, Phone, VerifyMode?}` → `{Result, Description, Isp, ResultDetail}`."""
    id_number, name, phone = required(body, "IdCard", "Name", "Phone")
    limit(context)
    result, detail, carrier = _compare(context, name, id_number, phone)
    return {"Result": result, "Description": _DESCRIPTIONS[result], "Isp": carrier, "ResultDetail": detail}


def _compare(context: Context, name: str, id_number: str, phone: str) -> tuple[str, str, str]:
    """Result, ResultDetail, Isp."""
    if refused := _refuse_input(name, id_number, phone):
        return refused, "", ""
    registered = context.world.find_phone(phone)
    if registered is None:
        return "-9", "", ""
    owner_name, owner_id = registered.phone_owner
    if (name, id_number) == (owner_name, owner_id):
        return "0", "", registered.carrier
    if name == owner_name:
        return "-4", "PhoneIdCardMismatch", registered.carrier
    if id_number == owner_id:
        return "-4", "PhoneNameMismatch", registered.carrier
    return "-4", "PhoneNameIdCardMismatch", registered.carrier


def _refuse_input(name: str, id_number: str, phone: str) -> str | None:
    if not is_mobile(phone):
        return "-6"
    if not is_id_number(id_number):
        return "-7"
    if not 1 < len(name) <= 50:
        return "-8"
    return "-13" if phone.startswith(_VIRTUAL) else None
