"""Why a seal or a signature refuses."""

from app.core.errors import DomainError, NotFound


class SealNotFound(NotFound):
    code = "seal_not_found"


class SealRevoked(DomainError):
    code = "seal_revoked"
    http_status = 409
    message_zh = "该印章已作废，不能再使用。"
    message_en = "This seal was revoked and can no longer be used."


class TooManySeals(DomainError):
    code = "too_many_seals"
    http_status = 409
    message_zh = "每个单位最多保留 {most} 枚有效印章，请先作废不用的印章。"
    message_en = "An organisation may have {most} valid seals at most. Revoke one that is not used first."


class SignatureNotFound(NotFound):
    code = "signature_not_found"
    message_zh = "没有可用的手写签名，请重新手写。"
    message_en = "There is no signature to use. Please write it again."
