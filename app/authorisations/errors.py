"""Why an authorisation letter refuses."""

from typing import ClassVar

from app.core.errors import DomainError, InvalidInput, NotFound


class AuthorisationNotFound(NotFound):
    code = "authorisation_not_found"
    message_zh = "没有找到这份授权书，可能已被撤回，或不属于当前账号。"
    message_en = "This letter was not found: withdrawn, or not this account's."


class AuthorisationOver(DomainError):
    """`action` is not in the table for `status`."""

    code = "authorisation_over"
    http_status = 409
    message_zh = "这份授权书{status_zh}，不能再进行此操作，请刷新后查看最新状态。"
    message_en = "This letter's state ({status}) does not allow that any more. Refresh to see the latest state."

    _ZH: ClassVar = {
        "waiting": "正在等待签署", "sealing": "已由法定代表人签名", "signed": "已签署", "refused": "已被拒绝",
        "withdrawn": "已撤回", "expired": "已过期", "void": "已作废",
    }  # fmt: skip

    def __init__(self, *, action: str, status: str) -> None:
        super().__init__(action=action, status=status, status_zh=self._ZH.get(status, status))


class AuthorisationExpired(DomainError):
    code = "authorisation_expired"
    http_status = 409
    message_zh = "已超过授权书的签署期限，请联系经办人重新发起。"
    message_en = "The letter's time to sign is over. Ask the operator to start again."


class AuthorisationChanged(DomainError):
    code = "document_changed"
    http_status = 409
    message_zh = "授权书内容与您看到的不一致，请重新打开阅读后再操作。"
    message_en = "The letter differs from the one you were shown. Open and read it again."


class RepresentativeOnly(DomainError):
    """Somebody else opened it: nothing more is said."""

    code = "representative_only"
    http_status = 403
    message_zh = (
        "这份授权书只能由登记的法定代表人本人办理，与您的实名信息不一致。"
        "如果您是法定代表人，请联系经办人核对姓名和证件号码。"
    )
    message_en = (
        "Only the registered legal representative may do this, and your verified identity differs. "
        "If it is you, ask the operator to check name and document number."
    )


class NotYourLetter(DomainError):
    """Only who made the letter hands its link on."""

    code = "not_your_authorisation"
    http_status = 403
    message_zh = "只有发起授权书的经办人可以复制签署链接。"
    message_en = "Only the operator who made the letter may copy its link."


class LetterNotDrawable(InvalidInput):
    code = "letter_not_drawable"
    message_zh = "授权书无法显示这些字：{characters}。请改用“法定代表人本人认证”，或联系客服。"
    message_en = (
        "The letter cannot show these characters: {characters}. Use “legal representative in person” or ask support."
    )


class LetterNotReady(DomainError):
    code = "authorisation_not_ready"
    http_status = 409
    message_zh = "授权书尚未签署完成，完成后即可下载。"
    message_en = "The letter is not signed yet. It can be downloaded once it is."


class LetterSignatureRequired(DomainError):
    code = "signature_required"
    http_status = 422
    message_zh = "请先手写签名。"
    message_en = "Please draw your signature first."
