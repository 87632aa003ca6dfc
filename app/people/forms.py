"""What an onboarding form holds and what may be in it (K3).

The list is the staff register's (劳动合同法实施条例 8: sex, number, registered and present address, phone) with
education and an emergency contact; nothing about marriage or children, which no employer may ask (妇女权益保障法 43).

A form is flat JSON. Typed: `sex`, `registered_residence` and `residence` ({"region": […], "detail": …}), `education`,
`school`, `graduated_in` (year), `emergency_name`, `emergency_relation`, `emergency_phone`. From the verification,
never typed: `name`, `id_type`, `id_number`, `phone`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from app.core.clock import in_shanghai, now
from app.core.errors import InvalidInput
from app.core.text import mask_id_number, mask_phone, normalise_address, normalise_name, normalise_phone, to_halfwidth
from app.identity.models import IdType, Person

SEXES = ("male", "female")
EDUCATIONS = ("junior", "senior", "college", "bachelor", "master", "doctor")
RELATIONS = ("spouse", "parent", "child", "sibling", "relative", "friend")
OLDEST_YEAR = 1940

TYPED = (
    "sex", "registered_residence", "residence", "education", "school", "graduated_in", "emergency_name",
    "emergency_relation", "emergency_phone",
)  # fmt: skip
# What an employer can compare with a document that it was shown. Where one lives and whom to call, only oneself knows.
CORRECTABLE = ("registered_residence", "education", "school", "graduated_in")


def sex_of(person: Person) -> str | None:
    """What a resident's number tells (GB 11643: odd is male); nothing for other documents."""
    if person.id_type != IdType.RESIDENT_ID:
        return None
    return "male" if int(person.id_number[16]) % 2 else "female"


def parse_form(typed: Mapping[str, Any], person: Person, phone: str) -> dict[str, Any]:
    """A complete form. Raises InvalidInput that names every field which is missing or wrong."""
    values = dict(typed) | ({"sex": sex_of(person)} if sex_of(person) else {})
    form = check_fields(values, TYPED)
    if form["emergency_phone"] == phone:
        raise InvalidInput(fields={"emergency_phone": ["请填写他人的手机号，不能是您本人的。"]})
    own = {"name": person.name, "id_type": person.id_type, "id_number": person.id_number, "phone": phone}
    return form | own


def check_fields(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """These fields, normalised. Raises InvalidInput with all that are wrong at once."""
    clean, wrong = dict[str, Any](), dict[str, list[str]]()
    for name in names:
        try:
            clean[name] = _CHECKS[name](name, values.get(name))
        except InvalidInput as error:
            wrong[name] = next(iter(error.fields.values()))
    if wrong:
        raise InvalidInput(fields=wrong)
    return clean


def keep_draft(typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed so far, as it is: nothing is wrong before it is submitted."""
    return {name: typed[name] for name in TYPED if typed.get(name) not in (None, "")}


def typed_part(form: Mapping[str, Any]) -> dict[str, Any]:
    return {name: form[name] for name in TYPED if name in form}


def masked(form: Mapping[str, Any]) -> dict[str, Any]:
    """The form as it is shown: the document's number and the worker's own phone in part only (B8)."""
    hidden = {"id_number": mask_id_number(form["id_number"]), "phone": mask_phone(form["phone"])} if form else {}
    return dict(form) | hidden


def _one_of(choices: tuple[str, ...], message: str) -> Callable[[str, Any], str]:
    def check(name: str, value: Any) -> str:
        if value not in choices:
            raise InvalidInput(fields={name: [message]})
        return str(value)

    return check


def _address(name: str, value: Any) -> dict[str, Any]:
    return normalise_address(name, value if isinstance(value, Mapping) else {})


def _school(name: str, value: Any) -> str:
    clean = " ".join(str(value or "").split())
    if not 2 <= len(clean) <= 60:
        raise InvalidInput(fields={name: ["请填写 2 至 60 字的毕业学校。"]})
    return clean


def _year(name: str, value: Any) -> int:
    text, latest = to_halfwidth(str(value or "")).strip(), in_shanghai(now()).year + 1
    if not (text.isascii() and text.isdigit() and OLDEST_YEAR <= int(text[:6]) <= latest):
        raise InvalidInput(fields={name: ["请填写四位数的毕业年份，例如 2012。"]})
    return int(text)


def _name(name: str, value: Any) -> str:
    try:
        return normalise_name(str(value or ""))
    except InvalidInput as error:
        raise InvalidInput(fields={name: ["请填写联系人的姓名，不含数字和符号。"]}) from error


def _phone(name: str, value: Any) -> str:
    return normalise_phone(str(value or ""))


_CHECKS: Mapping[str, Callable[[str, Any], Any]] = {
    "sex": _one_of(SEXES, "请选择性别。"),
    "registered_residence": _address,
    "residence": _address,
    "education": _one_of(EDUCATIONS, "请选择最高学历。"),
    "school": _school,
    "graduated_in": _year,
    "emergency_name": _name,
    "emergency_relation": _one_of(RELATIONS, "请选择与您的关系。"),
    "emergency_phone": _phone,
}
