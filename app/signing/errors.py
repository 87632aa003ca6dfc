"""What can go wrong between will and signature."""

from app.core.errors import DomainError, InvalidInput


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
    message_zh = "这份文件不支持这种意愿认证方式，请更换。"
    message_en = "This way of proving will is not allowed for this document. Choose another."


class IntentVoid(DomainError):
    """Proved by a PIN that was replaced since, or for a certificate that holds no more."""

    code = "intent_void"
    http_status = 409
    message_zh = "证书密码或数字证书已变更，此前的验证作废，请重新验证。"
    message_en = "The certificate or its PIN has changed since, so the proof is void. Please verify again."


class CertificateRequired(DomainError):
    """None, or none that holds: never activated, or revoked."""

    code = "certificate_required"
    http_status = 409
    message_zh = "请先激活您的数字证书并设置证书密码。"
    message_en = "Activate your digital certificate and set its PIN first."


class CertificateExpired(DomainError):
    code = "certificate_expired"
    http_status = 409
    message_zh = "您的数字证书已到期，请先续期。"
    message_en = "Your digital certificate has expired. Please renew it first."


class CertificateBeingIssued(DomainError):
    code = "certificate_being_issued"
    http_status = 409
    message_zh = "证书机构正在签发您的数字证书，通常只需几秒，请稍候再试。"
    message_en = "The authority is issuing your certificate, usually within seconds. Please try again shortly."


class KeyDestroyed(DomainError):
    """Another runner has finished meanwhile: the job tries again and finds nothing left to do."""

    code = "key_destroyed"
    http_status = 500
    message_zh = "签署密钥已按规定销毁，平台正在自动重试。"
    message_en = "The signing key was destroyed after its use; the platform is retrying."


class CertificateNotDue(DomainError):
    """`day`: from when on it may be renewed, as YYYY-MM-DD in China."""

    code = "certificate_not_due"
    http_status = 409
    message_zh = "数字证书还在有效期内，{day} 起可以续期。"
    message_en = "The certificate still holds; it can be renewed from {day} on."


class PinRefused(InvalidInput):
    """`fields["pin"]` says which rule the new PIN breaks."""

    code = "pin_refused"
    message_zh = "这个证书密码不能使用，请按提示换一个。"
    message_en = "This PIN cannot be used. Please choose another one as the field says."


class PinWrong(DomainError):
    code = "pin_wrong"
    http_status = 422
    message_zh = "证书密码不正确，还可以再试 {attempts_left} 次。"
    message_en = "The PIN is not right. {attempts_left} attempts are left."


class PinLocked(DomainError):
    """Five wrong PINs in a row; time does not end it."""

    code = "pin_locked"
    http_status = 409
    message_zh = "证书密码输错次数过多，已锁定。请在“数字证书”中重设证书密码。"
    message_en = "Too many wrong PINs: it is locked. Please set a new PIN under “Digital certificate”."


class PinJustChanged(DomainError):
    code = "pin_just_changed"
    http_status = 409
    message_zh = "证书密码刚刚被修改，请刷新后重试。"
    message_en = "The PIN was changed this very moment. Please reload and try again."


class PasswordTooNew(DomainError):
    """An SMS code alone sets a login password, so a fresh one proves no more than the code beside it."""

    code = "password_too_new"
    http_status = 409
    message_zh = "登录密码设置不满 24 小时，暂不能用来重设证书密码。请改用刷脸，或满 24 小时后再试。"
    message_en = "Your password was set less than 24 hours ago and proves too little. Use the face check, or try later."
