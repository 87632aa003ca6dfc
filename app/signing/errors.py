"""What can go wrong between will and signature."""

from app.core.errors import DomainError


class IntentNotFound(DomainError):
    code = "intent_not_found"
    http_status = 404
    message_zh = "没有找到这次意愿认证，请重新验证。"
    message_en = "This proof of will was not found. Please verify again."


class IntentNotProved(DomainError):
    code = "intent_not_proved"
    http_status = 409
    message_zh = "尚未完成意愿认证，请先输入验证码或完成人脸识别。"
    message_en = "Will is not proved yet. Enter the code or finish the face check first."


class IntentExpired(DomainError):
    code = "intent_expired"
    http_status = 409
    message_zh = "意愿认证已过期，请重新验证。签名笔迹已为您保留。"
    message_en = "The proof of will has expired. Please verify again; your drawing is kept."


class IntentUsed(DomainError):
    code = "intent_used"
    http_status = 409
    message_zh = "这次意愿认证已经使用过，请重新验证。"
    message_en = "This proof of will was used already. Please verify again."


class IntentMismatch(DomainError):
    """Proved by another person, for another purpose, document or version (T-08): nothing more is said."""

    code = "intent_mismatch"
    http_status = 409
    message_zh = "意愿认证与当前文件不一致，请重新验证。"
    message_en = "The proof of will does not belong to this document. Please verify again."


class IntentMethodNotAllowed(DomainError):
    code = "intent_method_not_allowed"
    http_status = 422
    message_zh = "本合同不支持这种意愿认证方式，请更换。"
    message_en = "This way of proving will is not allowed for this contract. Choose another."
