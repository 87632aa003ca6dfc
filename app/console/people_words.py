"""Codes of onboardings in people's words; msgids of the gettext catalogues."""

from typing import Any

from flask_babel import gettext

from app.console.words import N_
from app.http.verification_methods import document_name

__all__ = ["document_name", "field_text", "form_rows", "status_colour", "status_text", "value_text"]

STATUS_TEXTS = {
    "invited": N_("已邀请"),
    "filling": N_("填写中"),
    "reviewing": N_("待审核"),
    "rejected": N_("已退回"),
    "accepted": N_("已通过"),
    "withdrawn": N_("已撤回"),
    "declined": N_("劳动者已放弃"),
    "expired": N_("已过期"),
}
_COLOURS = {"reviewing": "blue", "rejected": "yellow", "accepted": "green"}
FIELD_TEXTS = {
    "sex": N_("性别"),
    "registered_residence": N_("户籍地址"),
    "residence": N_("现住址"),
    "education": N_("最高学历"),
    "school": N_("毕业学校"),
    "graduated_in": N_("毕业年份"),
    "emergency_name": N_("紧急联系人"),
    "emergency_relation": N_("与本人关系"),
    "emergency_phone": N_("联系人手机号"),
}
VALUE_TEXTS = {
    "sex": {"male": N_("男"), "female": N_("女")},
    "education": {
        "junior": N_("初中及以下"), "senior": N_("高中、中专、技校"), "college": N_("大专"), "bachelor": N_("本科"),
        "master": N_("硕士"), "doctor": N_("博士"),
    },
    "emergency_relation": {
        "spouse": N_("配偶"), "parent": N_("父母"), "child": N_("子女"), "sibling": N_("兄弟姐妹"),
        "relative": N_("其他亲属"), "friend": N_("朋友"),
    },
}  # fmt: skip


def status_text(status: str) -> str:
    return str(gettext(STATUS_TEXTS[status]))


def status_colour(status: str) -> str:
    """Never colour alone: the word stands beside it."""
    return _COLOURS.get(status, "secondary")


def field_text(field: str) -> str:
    return str(gettext(FIELD_TEXTS[field]))


def value_text(field: str, value: Any) -> str:
    """A value of the form for people: an address in one line, a choice in words. 北京市 + 北京市 is said once."""
    if isinstance(value, dict):
        return "".join((*dict.fromkeys(value["region"]), value["detail"]))
    texts = VALUE_TEXTS.get(field)
    return str(gettext(texts[value])) if texts else str(value)


def form_rows(form: dict[str, Any]) -> list[tuple[str, str]]:
    """What a worker typed, in the form's order: (name, value)."""
    return [(field_text(name), value_text(name, form[name])) for name in FIELD_TEXTS if name in form]
