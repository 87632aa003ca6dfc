"""The sample contract is what it claims: complete, six A4 pages, difficult names, made by the product."""

from app.templates.intake import NormalisedDocument, extract_text, normalise_upload
from tests.data import contract_text as text

LIMIT = 500_000  # bytes


def words(pdf: bytes) -> str:
    return "".join(paragraph for page in extract_text(pdf) for paragraph in page)


def test_names_hold_the_difficult_characters() -> None:
    assert "𠮷" in text.WORKER
    assert "䶮" in text.EMERGENCY_CONTACT
    assert "·" in text.MENTOR
    assert len(text.ASSOCIATE) == 28


def test_all_compulsory_clauses_are_there(sample_pdf: bytes) -> None:
    """Labour Contract Law art. 17, Work Safety Law art. 52, Women's Rights Law art. 44."""
    contract = words(sample_pdf)
    for name in (text.EMPLOYER, text.WORKER, text.ASSOCIATE, text.EMERGENCY_CONTACT, text.MENTOR):
        assert name in contract
    for clause in (
        *("统一社会信用代码 91220101", "法定代表人 周启明", "居民身份证号码 220104", "住所 吉林省", "经常居住地"),
        *("固定期限劳动合同", "试用期为三个月", "工作岗位为", "工作地点为", "标准工时制度", "休息日", "带薪年休假"),
        *("月工资为人民币12800.00元", "每月10日前", "基本养老保险", "工伤保险", "劳动防护用品", "职业病危害因素"),
        *("安全生产法》第五十二条", "免除或者减轻", "女职工特殊保护", "妇女权益保障法》第四十四条", "可信时间戳"),
        *("甲方（盖章）：", "乙方（签字）："),
    ):
        assert clause in contract


def test_committed_files_belong_together(sample_pdf: bytes, sample_docx: bytes, converted: NormalisedDocument) -> None:
    """The PDF is the conversion of the .docx, and needs no further change."""
    assert len(sample_pdf) < LIMIT
    assert len(sample_docx) < LIMIT
    assert words(converted.pdf) == words(sample_pdf)
    assert normalise_upload(sample_pdf, "contract.pdf").pdf == sample_pdf


def test_last_page_is_for_the_signatures(sample_pdf: bytes) -> None:
    last = extract_text(sample_pdf)[-1]
    assert last[0] == text.SIGNATURE_TITLE
    assert "甲方（盖章）：" in last
    assert "乙方（签字）：" in last
