"""The documents that prove who one is: their numbers, and which way of verification takes which (B2, B4)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.core.crypto import blind_index
from app.core.errors import InvalidInput
from app.core.text import normalise_id_number, to_halfwidth
from app.identity.errors import DocumentNotSupported, DocumentNumberInvalid, IdNumberInvalid
from app.identity.models import IdType, Method

NAMES: Mapping[IdType, tuple[str, str]] = {
    IdType.RESIDENT_ID: ("居民身份证", "resident identity card"),
    IdType.HK_MACAO_PERMIT: ("港澳居民来往内地通行证", "Mainland travel permit for Hong Kong and Macao residents"),
    IdType.TAIWAN_PERMIT: ("台湾居民来往大陆通行证", "Mainland travel permit for Taiwan residents"),
    IdType.PASSPORT: ("护照", "passport"),
    IdType.FOREIGN_PERMANENT_RESIDENT_ID: ("外国人永久居留身份证", "foreign permanent resident ID card"),
}
METHOD_NAMES: Mapping[Method, tuple[str, str]] = {
    Method.PHONE: ("手机号认证", "the phone method"),
    Method.BANK: ("银行卡认证", "the bank card method"),
    Method.FACE: ("人脸认证", "the face check"),
    Method.MANUAL: ("人工审核", "manual review"),
}
# Carriers and face vendors know residents only; who has no resident's card is never left without a way.
ACCEPTED: Mapping[Method, tuple[IdType, ...]] = {
    Method.PHONE: (IdType.RESIDENT_ID,),
    Method.BANK: (IdType.RESIDENT_ID, IdType.HK_MACAO_PERMIT, IdType.TAIWAN_PERMIT, IdType.PASSPORT),
    Method.FACE: (IdType.RESIDENT_ID,),
    Method.MANUAL: tuple(kind for kind in IdType if kind is not IdType.RESIDENT_ID),
}
_SHAPES: Mapping[IdType, tuple[str, str]] = {
    IdType.HK_MACAO_PERMIT: (r"[HM]\d{8}(\d{2})?", "应为 H 或 M 加 8 位数字。"),
    IdType.TAIWAN_PERMIT: (r"\d{8}(\d{2})?", "应为 8 位数字。"),
    IdType.PASSPORT: (r"[A-Z0-9]{5,17}", "应为 5 至 17 位字母和数字。"),
    IdType.FOREIGN_PERMANENT_RESIDENT_ID: (
        r"[A-Z]{3}\d{12}|9\d{16}[\dX]",
        "应为 18 位号码，旧证为 3 位字母加 12 位数字。",
    ),
}


@dataclass(frozen=True, slots=True)
class Document:
    """A kind of document and its normalised number."""

    kind: IdType
    number: str

    @property
    def born(self) -> date | None:
        """The birth date where the number tells it (18 digits, GB 11643)."""
        if len(self.number) != 18 or self.kind is IdType.PASSPORT:
            return None
        return date(int(self.number[6:10]), int(self.number[10:12]), int(self.number[12:14]))

    def index(self, name: str) -> str:
        """By which the person is found again. Permits: the lifelong part, the two digits of a re-issue fall away.

        Every state numbers its passports by itself, so that a passport is one with the name in it only.
        """
        if self.kind is IdType.RESIDENT_ID:
            return blind_index(self.number, purpose="id_number")
        number = self.number
        if self.kind is IdType.HK_MACAO_PERMIT:
            number = number[:9]
        elif self.kind is IdType.TAIWAN_PERMIT:
            number = number[:8]
        elif self.kind is IdType.PASSPORT:
            number += ":" + re.sub(r"\W", "", name).casefold()
        return blind_index(f"{self.kind}:{number}", purpose="id_number")


def parse_document(id_type: str, id_number: str) -> Document:
    """Raises InvalidInput (a kind that we don't know), IdNumberInvalid, DocumentNumberInvalid."""
    if id_type not in set(IdType):
        raise InvalidInput(fields={"id_type": ["请选择证件类型。"]})
    kind = IdType(id_type)
    if kind is IdType.RESIDENT_ID:
        return Document(kind, _resident_number(id_number))
    number = re.sub(r"[\s\-()]", "", to_halfwidth(id_number)).upper()
    shape, words = _SHAPES[kind]
    if not re.fullmatch(shape, number, re.ASCII):
        raise _wrong(kind, words)
    if kind is IdType.FOREIGN_PERMANENT_RESIDENT_ID and len(number) == 18:
        try:
            normalise_id_number(number)
        except InvalidInput:
            raise _wrong(kind, words) from None
    return Document(kind, number)


def check_accepted(method: Method, kind: IdType) -> None:
    """Raises DocumentNotSupported, which names the ways that take this document."""
    if kind in ACCEPTED[method]:
        return
    ways = [way for way, kinds in ACCEPTED.items() if kind in kinds]
    raise DocumentNotSupported(
        method=str(method), id_type=str(kind), method_zh=METHOD_NAMES[method][0], method_en=METHOD_NAMES[method][1],
        document_zh=NAMES[kind][0], document_en=NAMES[kind][1],
        ways_zh="或".join(METHOD_NAMES[way][0] for way in ways),
        ways_en=" or ".join(METHOD_NAMES[way][1] for way in ways),
    )  # fmt: skip


def _resident_number(value: str) -> str:
    try:
        return normalise_id_number(value)
    except InvalidInput as error:
        raise IdNumberInvalid(fields=error.fields) from error


def _wrong(kind: IdType, words: str) -> DocumentNumberInvalid:
    zh, en = NAMES[kind]
    return DocumentNumberInvalid(fields={"id_number": [words]}, document_zh=zh, document_en=en, shape_zh=words)
