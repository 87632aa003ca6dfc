"""What an authorisation letter says, and the PDF of it with the place for the signature.

电子签名法 9 and 民法典 165: who authorises whom, what for, and for how long.
"""

from dataclasses import dataclass
from datetime import datetime

from app.authorisations.errors import LetterNotDrawable
from app.core.clock import in_shanghai
from app.signing.fill import FieldBox, prepare
from app.signing.typeset import PAGE, Paragraph, typeset, undrawable

TITLE = "法定代表人授权书"
FIELD = "Representative"
PLACE = (0.34, 0.26, 0.065)  # left, width, height of the signature: fractions of the page
_MATTERS = (
    "（一）办理本单位在平台的实名认证，提交并确认本单位的登记信息；",
    "（二）担任本单位在平台的超级管理员，管理本单位的经办人及其权限；",
    "（三）申请和使用本单位的电子印章与数字证书；",
    "（四）以本单位名义发送、签署、撤回电子劳动合同及相关文件。",
)


@dataclass(frozen=True, slots=True)
class LetterData:
    """Document numbers are masked, with the kind of document in Chinese."""

    number: str
    organisation: str
    uscc: str
    representative: str
    representative_document: str
    operator: str
    operator_document: str
    deadline_at: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """`paragraphs`: the same text, to be read large. `place_top`: of the signature, as a fraction of the page."""

    pdf: bytes
    paragraphs: list[str]
    place_top: float


def write_letter(data: LetterData) -> Letter:
    """Equal data give equal bytes. Raises LetterNotDrawable."""
    body = [
        f"编号：{data.number}",
        f"授权单位：{data.organisation}",
        f"统一社会信用代码：{data.uscc}",
        f"法定代表人：{data.representative}（{data.representative_document}）",
        f"被授权人（经办人）：{data.operator}（{data.operator_document}）",
        "本人是上述授权单位的法定代表人，现授权上述被授权人作为本单位的经办人，在工约电子劳动合同平台办理下列事项：",
        *_MATTERS,
        "被授权人在上述范围内实施的行为，由本单位承担法律后果。被授权人无权转委托，但可以按平台规则添加本单位的其他经办人。",
        "授权期限：自本人签署之日起，至本单位撤销授权或在平台更换超级管理员之日止。",
        f"本授权书须在 {in_shanghai(data.deadline_at):%Y 年 %m 月 %d 日 %H:%M}（北京时间）前签署，逾期作废。",
    ]
    if missing := undrawable("".join(body)):
        raise LetterNotDrawable(characters=missing)
    signature, note = "法定代表人（签名）：", "签署时间以本文件电子签名所附的可信时间戳为准。"
    set_pdf, end = typeset(
        [
            Paragraph(TITLE, size=20, align="center", gap=14),
            *(Paragraph(line) for line in body[:5]),
            *(Paragraph(line, indent=2) for line in body[5:]),
            Paragraph("", gap=14),
            Paragraph(signature, gap=26),
            Paragraph(note, size=9, gap=0),
        ]
    )
    left, width, height = PLACE
    bottom = end + 20  # the middle beside its label
    box = FieldBox(
        FIELD, 0, PAGE[0] * left, bottom, PAGE[0] * (left + width), bottom + PAGE[1] * height
    )  # fmt: skip
    pdf = prepare(set_pdf, [box], footer=f"授权书编号 {data.number}")
    return Letter(pdf, [TITLE, *body, signature, note], 1 - box.y2 / PAGE[1])
