"""Why a login, a code or a link refuses."""

from app.core.errors import DomainError, InvalidInput, NotFound


class PhoneInvalid(InvalidInput):
    code = "phone_invalid"
    message_zh = "请填写 11 位中国大陆手机号。"
    message_en = "Please enter a mainland China mobile number of 11 digits."


class SmsLimitReached(DomainError):
    """`retry_after`: seconds until the next code may be asked for."""

    code = "sms_limit_reached"
    http_status = 429
    message_zh = "验证码发送过于频繁，请在 {retry_after} 秒后再试。"
    message_en = "Too many codes were requested. Please try again in {retry_after} seconds."


class CodeWrong(DomainError):
    code = "code_wrong"
    http_status = 422
    message_zh = "验证码不正确，还可以再试 {attempts_left} 次。"
    message_en = "The code is not right. {attempts_left} attempts are left."


class CodeExpired(DomainError):
    """No live code: never sent, too old, used already, or replaced by a newer one."""

    code = "code_expired"
    http_status = 422
    message_zh = "验证码已失效，请重新获取并使用最新的一条。"
    message_en = "The code is no longer valid. Ask for a new one and use the latest."


class CodeExhausted(DomainError):
    code = "code_exhausted"
    http_status = 429
    message_zh = "验证码输错次数过多，该验证码已作废，请重新获取。"
    message_en = "Too many wrong attempts: this code is void. Please ask for a new one."


class SessionEnded(DomainError):
    code = "session_ended"
    http_status = 401
    message_zh = "登录已失效，请重新登录。"
    message_en = "You are not logged in, or the session has ended. Please log in."


class OperatorNotRegistered(DomainError):
    """Told only to somebody who proved by code that the phone is theirs (T-27)."""

    code = "operator_not_registered"
    http_status = 404
    message_zh = "该手机号还没有加入任何用人单位，请先注册单位，或请本单位管理员邀请您。"
    message_en = "This phone belongs to no organisation yet. Register one, or ask your administrator to invite you."


class WorkerNotRegistered(DomainError):
    """Told only to somebody who proved by code that the phone is theirs (T-27)."""

    code = "worker_not_registered"
    http_status = 404
    message_zh = "该手机号还没有登录过，请直接用短信验证码登录，首次登录自动注册。"
    message_en = "This phone has never logged in. Log in by SMS code; the first login registers you."


class PasswordRefused(InvalidInput):
    """The new password does not meet the policy; `fields.password` says why."""

    code = "password_refused"
    message_zh = "新密码不符合要求，请按提示修改。"
    message_en = "The new password does not meet the rules. Please change it as shown."


class PasswordWrong(DomainError):
    """The same for a wrong password, an account without one and an unknown phone (T-27)."""

    code = "password_wrong"
    http_status = 422
    message_zh = "密码不正确，还可以再试 {attempts_left} 次。没有设置过或忘记了密码，请改用短信验证码。"
    message_en = "Wrong password; {attempts_left} attempts are left. None set, or forgotten? Use an SMS code."


class PasswordLocked(DomainError):
    """Five wrong passwords for one phone. `retry_after`: seconds."""

    code = "password_locked"
    http_status = 429
    message_zh = "密码输错次数过多，已暂停密码登录，请在 {minutes} 分钟后再试，或现在改用短信验证码登录。"
    message_en = "Too many wrong passwords. Try again in {minutes} minutes, or log in by SMS code now."


class PasswordTriesExceeded(DomainError):
    """Too many wrong passwords from one address. `retry_after`: seconds."""

    code = "password_tries_exceeded"
    http_status = 429
    message_zh = "当前网络输错密码的次数过多，请在 {minutes} 分钟后再试，或改用短信验证码登录。"
    message_en = "Too many wrong passwords from this network. Try again in {minutes} minutes, or use an SMS code."


class PasswordJustChanged(DomainError):
    code = "password_just_changed"
    http_status = 409
    message_zh = "密码刚刚在别处修改过，请用新密码重试；如非本人操作，请用短信验证码重置密码。"
    message_en = "The password was just changed elsewhere. Use the new one; if it wasn't you, reset it by SMS code."


class PasswordCheckBusy(DomainError):
    """All slots for hashing are taken: each needs 64 MiB, so there are few."""

    code = "password_check_busy"
    http_status = 503
    message_zh = "登录人数较多，请稍候再试，或改用短信验证码登录。"
    message_en = "Many people are logging in. Please try again in a moment, or use an SMS code."


class LinkNotFound(DomainError):
    code = "link_not_found"
    http_status = 404
    message_zh = "链接无效，请从短信中重新打开，或直接用手机号登录查看。"
    message_en = "This link is not valid. Open it from the SMS again, or log in with your phone number."


class LinkExpired(DomainError):
    """Too old, or revoked (withdrawn, sent again)."""

    code = "link_expired"
    http_status = 410
    message_zh = "链接已失效。请使用最新的短信链接，或直接用手机号登录查看。"
    message_en = "This link is no longer valid. Use the latest SMS, or log in with your phone number."


class LinkForOtherPhone(DomainError):
    code = "link_other_phone"
    http_status = 403
    message_zh = "该链接是发给另一个手机号的，请用收到短信的手机号登录。"
    message_en = "This link was sent to another phone number. Log in with the number that received the SMS."


class PlatformCodeInvalid(DomainError):
    """The platform does not know the code, or it was used: each serves once, for a few minutes."""

    code = "platform_code_invalid"
    http_status = 422
    message_zh = "登录凭证已失效，请返回小程序重新点一次登录。"
    message_en = "The login code is no longer valid. Please tap log in once more in the mini-program."


class PlatformUserBlocked(DomainError):
    code = "platform_user_blocked"
    http_status = 403
    message_zh = "所在平台限制了当前账号登录，请改用浏览器打开短信链接，用手机号登录。"
    message_en = "The platform restricts this account. Open the SMS link in a browser and log in by phone."


class PhoneProofInvalid(DomainError):
    """The platform's proof of a phone is used, too old, of another app, or of no mainland number."""

    code = "phone_proof_invalid"
    http_status = 422
    message_zh = "没有取到有效的手机号，请再点一次授权，或改用短信验证码。"
    message_en = "No valid phone number was received. Please allow it once more, or use an SMS code."


class ExternalLoginRefused(DomainError):
    """The identity provider refused the code, or what it answered is not what it should be."""

    code = "external_login_refused"
    http_status = 422
    message_zh = "身份认证没有完成，请重新发起登录，或改用手机号登录。"
    message_en = "The login there was not completed. Please start again, or log in by phone number."


class LoginQrNotFound(NotFound):
    """Unknown, for another kind of account, or scanned by somebody else."""

    code = "login_qr_not_found"
    message_zh = "没有找到这个登录二维码，请在电脑上刷新后重新扫描。"
    message_en = "This login QR code is unknown. Refresh it on the computer and scan again."


class LoginQrOver(DomainError):
    code = "login_qr_over"
    http_status = 410
    message_zh = "二维码已失效，请在电脑上刷新后重新扫描。"
    message_en = "This QR code is no longer valid. Refresh it on the computer and scan again."


class LoginQrTaken(DomainError):
    code = "login_qr_taken"
    http_status = 409
    message_zh = "该二维码已被另一台手机扫描。如非本人操作，请在电脑上刷新二维码。"
    message_en = "Another phone has scanned this QR code. If it wasn't yours, refresh the code on the computer."


class QrLimitReached(DomainError):
    """`retry_after`: seconds."""

    code = "qr_limit_reached"
    http_status = 429
    message_zh = "当前网络获取二维码过于频繁，请在 {retry_after} 秒后再试，或改用短信验证码登录。"
    message_en = "Too many QR codes from this network. Try again in {retry_after} seconds, or use an SMS code."


class LoginTicketNotFound(NotFound):
    code = "login_ticket_not_found"
    message_zh = "登录请求不存在，请重新发起登录。"
    message_en = "There is no such login under way. Please start again."


class LoginTicketOver(DomainError):
    """Not confirmed yet, refused, too old, or used already: a ticket opens one session."""

    code = "login_ticket_over"
    http_status = 409
    message_zh = "本次登录未被确认或已失效，请重新发起登录。"
    message_en = "This login was not confirmed, or is no longer valid. Please start again."


class SecurityKeysNotOffered(DomainError):
    """WebAuthn needs a domain name, and https unless it is `localhost`."""

    code = "security_keys_not_offered"
    http_status = 409
    message_zh = "当前访问地址不支持安全密钥，请使用平台的正式域名访问，或改用验证码登录。"
    message_en = "Security keys do not work at this address. Use the platform's own domain, or log in by SMS code."


class SecurityKeyRefused(DomainError):
    """Unknown key, wrong signature, other site: the same answer for all, so that nothing is told (T-27)."""

    code = "security_key_refused"
    http_status = 422
    message_zh = "安全密钥未通过验证。请确认使用的是已添加到本账号的密钥，或改用验证码登录。"
    message_en = "The security key was not accepted. Use one that was added to your account, or an SMS code."


class SecurityKeyUnlocked(DomainError):
    """It answered without a PIN or a fingerprint: whoever finds it could log in (user verification, WebAuthn 7.2)."""

    code = "security_key_unlocked"
    http_status = 422
    message_zh = "该安全密钥没有验证使用者。请先为它设置 PIN 或指纹再重试；不支持的，请换一个密钥或改用验证码。"
    message_en = "The key did not verify who uses it. Set a PIN or fingerprint on it, or use another key or a code."


class SecurityKeyCopied(DomainError):
    """Its counter did not grow: somebody may have copied it (WebAuthn Level 3, section 6.1.1)."""

    code = "security_key_copied"
    http_status = 409
    message_zh = "该安全密钥的使用计数异常，可能已被复制，本次操作已拒绝。请改用验证码登录，并删除该密钥。"
    message_en = "The key's counter is wrong: it may have been copied. Log in by SMS code and remove this key."


class SecurityKeyCeremonyOver(DomainError):
    """The challenge is unknown, answered already, for something else, or older than two minutes."""

    code = "security_key_ceremony_over"
    http_status = 409
    message_zh = "安全密钥操作已超时或已使用，请重新操作。"
    message_en = "The security key took too long, or this was used already. Please start again."


class SecurityKeyKnown(DomainError):
    code = "security_key_known"
    http_status = 409
    message_zh = "这个安全密钥已经添加过，请换一个，或直接使用它登录。"
    message_en = "This security key was added already. Use another one, or log in with it."


class SecurityKeyLimit(DomainError):
    code = "security_key_limit"
    http_status = 409
    message_zh = "最多可以添加 {limit} 个安全密钥，请先删除不再使用的。"
    message_en = "You can have up to {limit} security keys. Remove one that you no longer use first."


class BindingTaken(DomainError):
    """An outside identity belongs to one worker (A6). `platform`: its Chinese name."""

    code = "binding_taken"
    http_status = 409
    message_zh = "该{platform}账号已绑定另一个工约账号。请用原账号登录并解除绑定，再重新绑定。"
    message_en = "This outside account is bound to another account here. Log in there, unbind it, then bind it again."


class NotBound(DomainError):
    code = "not_bound"
    http_status = 409
    message_zh = "当前账号没有绑定该平台，请重新登录小程序。"
    message_en = "This account is not bound to the platform. Please log in to the mini-program again."


class TemplateUnknown(InvalidInput):
    code = "template_unknown"
    message_zh = "该消息模板已停用，无需订阅。"
    message_en = "This message template is not in use: there is nothing to subscribe to."


class PlatformNotOffered(NotFound):
    code = "platform_not_offered"
    message_zh = "暂未开通此登录方式，请改用手机号登录。"
    message_en = "This way of logging in is not available here. Please log in by phone number."


class PhoneUnchanged(InvalidInput):
    code = "phone_unchanged"
    message_zh = "新手机号与当前手机号相同，无需更换。"
    message_en = "This is your present phone number already."


class PhoneCodeWanted(DomainError):
    """What a platform or provider knows of a phone may be old: it enters no account that is there already."""

    code = "phone_code_wanted"
    http_status = 409
    message_zh = "该手机号已有账号，为保障安全，请改用短信验证码绑定。"
    message_en = "This phone has an account already. To keep it safe, please bind it by an SMS code."


class PhoneTaken(DomainError):
    """Told only to somebody who proved by code that the phone is theirs (T-27)."""

    code = "phone_taken"
    http_status = 409
    message_zh = "该手机号已属于另一个已实名的账号，不能更换。请用该手机号直接登录，或联系客服。"
    message_en = "This phone belongs to another verified account. Log in with it directly, or contact support."


class AccountMoved(DomainError):
    """Since the proof was given, the account got another phone, or either account was closed."""

    code = "account_moved"
    http_status = 409
    message_zh = "该账号刚刚在别处更换了手机号，请重新登录并认证后再试；如非本人操作，请联系客服。"
    message_en = (
        "The account's phone was just changed elsewhere. Log in and verify again; if it wasn't you, contact support."
    )


class PlatformEventRefused(DomainError):
    """Not signed by the platform, meant for another app, or too old. Nothing of it is kept."""

    code = "platform_event_refused"
    http_status = 403
    message_zh = "推送未通过验证，请核对平台上配置的令牌和密钥。"
    message_en = "The push was not verified. Check the token and keys that are configured at the platform."


class SecurityKeyWanted(DomainError):
    """At the regulator's desk a key is worth something only if nobody can go round it with the SIM card."""

    code = "security_key_wanted"
    http_status = 403
    message_zh = "您的账号已添加安全密钥，请用安全密钥登录；密钥遗失的，请联系平台管理员重新开通账号。"
    message_en = "Your account has a security key: log in with it. If it is lost, ask the platform's administrator."


class RegulatorUnknown(DomainError):
    """Told only to somebody who proved by code or key who they are (T-27)."""

    code = "regulator_unknown"
    http_status = 404
    message_zh = "该手机号没有监管端账号或账号已停用，请联系平台管理员开通。"
    message_en = "No open account at the regulator's desk has this phone. Ask the platform's administrator."
