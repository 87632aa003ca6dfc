"""What an organisation says about itself: name, unified social credit code, region, address (C1)."""

import re
import unicodedata
from dataclasses import dataclass

from app.core.errors import InvalidInput
from app.core.text import to_halfwidth
from app.organisations.errors import UsccInvalid
from app.organisations.models import OrganisationKind

_NAME = re.compile(r"[\w（）《》“”·、&.,'\-]{2,60}")
_BRACKETS = str.maketrans({"(": "（", ")": "）", "〔": "（", "〕": "）"})
_DOTS = str.maketrans({"•": "·", "・": "·", "‧": "·", "∙": "·"})
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"

# GB/T 2260, first two digits.
PROVINCES = {
    "11": "北京市", "12": "天津市", "13": "河北省", "14": "山西省", "15": "内蒙古自治区",
    "21": "辽宁省", "22": "吉林省", "23": "黑龙江省",
    "31": "上海市", "32": "江苏省", "33": "浙江省", "34": "安徽省", "35": "福建省", "36": "江西省", "37": "山东省",
    "41": "河南省", "42": "湖北省", "43": "湖南省", "44": "广东省", "45": "广西壮族自治区", "46": "海南省",
    "50": "重庆市", "51": "四川省", "52": "贵州省", "53": "云南省", "54": "西藏自治区",
    "61": "陕西省", "62": "甘肃省", "63": "青海省", "64": "宁夏回族自治区", "65": "新疆维吾尔自治区",
    "66": "新疆生产建设兵团", "71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区",
}  # fmt: skip
NATIONAL = "全国（国家登记机关）"


@dataclass(frozen=True, slots=True)
class OrganisationProfile:
    """Normalised and checked, but not yet verified by anybody."""

    name: str
    uscc: str
    kind: OrganisationKind
    address: str

    @property
    def region_code(self) -> str:
        """Administrative division of the registering authority: digits 3 to 8 of the code."""
        return self.uscc[2:8]


def parse_profile(*, name: str, uscc: str, kind: str, address: str) -> OrganisationProfile:
    """Raises InvalidInput (every wrong field named) and UsccInvalid."""
    place = " ".join(address.split())
    wrong: dict[str, list[str]] = {}
    if kind not in set(OrganisationKind):
        wrong["kind"] = ["请选择单位类型：企业、个体工商户或其他。"]
    if not 2 <= len(place) <= 200:
        wrong["address"] = ["请填写 2 至 200 字的单位地址。"]
    clean_name = normalise_organisation_name(name)
    if not _NAME.fullmatch(clean_name):
        wrong["name"] = ["请按营业执照填写 2 至 60 字的单位全称。"]
    if wrong:
        raise InvalidInput(fields=wrong)
    return OrganisationProfile(clean_name, parse_uscc(uscc), OrganisationKind(kind), place)


def normalise_organisation_name(value: str) -> str:
    """NFC, no blanks, full-width Chinese brackets, one kind of middle dot: as printed on the licence."""
    name = unicodedata.normalize("NFC", "".join(value.split()))
    letters = "".join(to_halfwidth(char) if char.isalnum() else char for char in name)
    return letters.translate(_BRACKETS).translate(_DOTS)


def parse_uscc(value: str) -> str:
    """Unified social credit code, 18 characters, check character of GB 32100 verified. Raises UsccInvalid."""
    code = re.sub(r"\s", "", to_halfwidth(value)).upper()
    if len(code) != 18 or any(char not in _USCC_ALPHABET for char in code) or not _checks(code):
        raise UsccInvalid(fields={"uscc": ["统一社会信用代码有误，请核对 18 位代码。"]})
    return code


def _checks(code: str) -> bool:
    total = sum(_USCC_ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(code[:17]))
    return code[17] == _USCC_ALPHABET[-total % 31]


def province_of(region_code: str) -> str:
    """Name of the province; organisations registered nationally have region 100000."""
    return PROVINCES.get(region_code[:2], NATIONAL if region_code.startswith("10") else "")
