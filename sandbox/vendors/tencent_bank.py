"""Tencent faceid `BankCard4EVerification`: name, document, card and the phone reserved at the bank.

`CertType` 0 identity card; 2 passport, 3 HK/Macao permit, 4 Taiwan permit as the SDK of 2019 lists them (today's
pages promise 0 alone, and others by agreement). 1 and 5 to 7 answer `-20`.
"""

from typing import Any

from sandbox.checkdigits import is_bank_card, is_document, is_mobile
from sandbox.context import Context
from sandbox.vendors.tencent import ApiError
from sandbox.vendors.tencent_faceid import limit, required

_DOCUMENTS = {0: "resident_id", 2: "passport", 3: "hk_macao_permit", 4: "taiwan_permit"}
_DESCRIPTIONS = {
    "0": "认证通过",
    "-1": "认证未通过",
    "-2": "姓名校验不通过",
    "-3": "身份证号码有误",
    "-4": "银行卡号码有误",
    "-5": "手机号码不合法",
    "-6": "持卡人信息有误",
    "-7": "未开通无卡支付",
    "-8": "此卡被没收",
    "-9": "无效卡号",
    "-10": "此卡无对应发卡行",
    "-11": "该卡未初始化或睡眠卡",
    "-12": "作弊卡、吞卡",
    "-13": "此卡已挂失",
    "-14": "该卡已过期",
    "-15": "受限制的卡",
    "-16": "密码错误次数超限",
    "-17": "发卡行不支持此交易",
    "-18": "验证中心服务繁忙",
    "-19": "验证次数超限，请次日重试",
    "-20": "该证件号暂不支持核验",
    "-21": "认证要素信息有误",
}


def bank_card_verification(context: Context, body: dict[str, Any]) -> dict[str, Any]:
    """`{Name, BankCard, Phone, IdCard, CertType?}` → `{Result, Description}`."""
    name, card, phone, id_number = required(body, "Name", "BankCard", "Phone", "IdCard")
    cert_type = body.get("CertType", 0)
    if not isinstance(cert_type, int) or isinstance(cert_type, bool) or not 0 <= cert_type <= 7:
        raise ApiError("InvalidParameter", "The parameter CertType is invalid.")
    limit(context)
    result = _compare(context, name, card, phone, _DOCUMENTS.get(cert_type), id_number)
    return {"Result": result, "Description": _DESCRIPTIONS[result]}


def _compare(context: Context, name: str, card: str, phone: str, id_type: str | None, id_number: str) -> str:
    if id_type is None:
        return "-20"
    if refused := _refuse_input(name, card, phone, id_type, id_number):
        return refused
    holder = context.world.find_bank_card(card)
    if holder is None:
        return "-9"
    if holder.bank_problem:
        return holder.bank_problem
    known = (holder.name, holder.id_type, holder.id_number, holder.phone_at_bank)
    return "0" if known == (name, id_type, id_number, phone) else "-1"


def _refuse_input(name: str, card: str, phone: str, id_type: str, id_number: str) -> str | None:
    if not 1 < len(name) <= 50:
        return "-2"
    if not is_document(id_type, id_number):
        return "-3"
    if not is_bank_card(card):
        return "-4"
    return None if is_mobile(phone) else "-5"
