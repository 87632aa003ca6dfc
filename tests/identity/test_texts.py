"""The texts that people agree to: complete, in both languages, with what the law wants said (B1; PIPL, 54号 art. 6)."""

import hashlib
from pathlib import Path

import pytest

from app.identity import texts
from app.identity.errors import TextNotFound
from app.identity.models import ConsentKind
from app.identity.texts import current_texts, get_text

SAYS = {
    "user_agreement": ("用户服务协议", ["不需要支付任何费用", "短信验证码", "电子签名法"]),
    "privacy_policy": (
        "隐私政策",
        ["不收集、不保存人脸图像", "不向境外提供", "撤回", "保存", "支付宝", "腾讯云", "银行卡号", "证件照片", "微信"],
    ),
    "verification_consent": (
        "实名认证授权书",
        [
            "姓名",
            "居民身份证号码",
            "敏感个人信息",
            "撤回",
            "纸质劳动合同",
            "银行卡号",
            "证件照片",
            "护照",
            "审核人员",
            "E证通",
        ],
    ),
    "face_consent": (
        "人脸信息处理单独同意书",
        ["改用手机号认证", "撤回", "必要性", "影响", "不接收、不保存", "E证通", "微信", "登录"],
    ),
    "esign_consent": (
        "电子签名与电子劳动合同告知书",
        ["第六条", "免费", "下载", "流程", "注意事项", "纸质文本", "时间戳", "证书密码"],
    ),
    "certificate_agreement": (
        "数字证书使用协议",
        ["电子签名法", "不收取任何费用", "一年", "5 次", "注销", "撤回", "没有身份证号码"],
    ),
}


@pytest.mark.parametrize("kind", ConsentKind)
def test_each_text_says_what_it_must(kind: ConsentKind) -> None:
    title, phrases = SAYS[kind]
    text = get_text(kind)
    assert text.title_zh == title
    assert [phrase for phrase in phrases if phrase not in text.text_zh] == []
    assert f"版本：{text.version}" in text.text_zh
    assert f"Version: {text.version}" in text.text_en
    assert text.text_en.isascii() or "–" in text.text_en or "“" in text.text_en
    assert text.text_zh.count("\n## ") == text.text_en.count("\n## "), "the two languages have the same parts"


def test_every_kind_has_one_current_text() -> None:
    assert [text.kind for text in current_texts()] == list(ConsentKind)
    assert {text.required_for for text in current_texts()} == {
        "login", "verification", "face", "signing", "certificate",
    }  # fmt: skip


def test_the_hash_is_that_of_the_published_file() -> None:
    for text in current_texts():
        file = Path(texts.__file__).parent / "texts" / f"{text.kind}.{text.version}.md"
        assert hashlib.sha256(file.read_bytes()).hexdigest() == text.sha256


@pytest.mark.parametrize("kind", ["", "unknown", "../errors", "user_agreement.2026-11"])
def test_there_are_no_other_texts(kind: str) -> None:
    with pytest.raises(TextNotFound):
        get_text(kind)
