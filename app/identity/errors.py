"""Why consent, verification or a face check refuses, and what to do about it."""

from app.core.errors import DomainError, InvalidInput, NotFound, ProviderUnavailable


class AgreementRequired(DomainError):
    """`kind`: the first agreement that is missing."""

    code = "agreement_required"
    http_status = 422
    message_zh = "请先阅读并勾选同意《{title_zh}》。"
    message_en = "Please read and accept the “{title_en}” first."


class ConsentRequired(DomainError):
    """`kind`: the text to be shown and accepted."""

    code = "consent_required"
    http_status = 403
    message_zh = "继续之前，需要您阅读并同意《{title_zh}》。"
    message_en = "Before you go on, please read and accept the “{title_en}”."


class TextOutdated(DomainError):
    """`kind`, `version`: what is current now."""

    code = "text_outdated"
    http_status = 409
    message_zh = "《{title_zh}》已更新，请阅读新版本后再同意。"
    message_en = "The “{title_en}” was updated. Please read the new version before you accept it."


class TextNotFound(NotFound):
    code = "text_not_found"


class IdNumberInvalid(InvalidInput):
    code = "id_number_invalid"
    message_zh = "身份证号有误，请核对 18 位号码。"
    message_en = "The resident identity number is not valid. Please check its 18 characters."


class DocumentNumberInvalid(InvalidInput):
    """Of another document than a resident's card."""

    code = "document_number_invalid"
    message_zh = "{document_zh}号码有误，{shape_zh}请按证件核对。"
    message_en = "The number of the {document_en} is not valid. Please check it against the document."


class DocumentNotSupported(DomainError):
    """This way does not take this document; `ways_zh`, `ways_en` do."""

    code = "document_not_supported"
    http_status = 422
    message_zh = "{method_zh}不支持{document_zh}，请改用{ways_zh}。"
    message_en = "With the {document_en}, {method_en} is not possible. Please use {ways_en}."


class TooYoung(DomainError):
    code = "worker_too_young"
    http_status = 422
    message_zh = "未满十六周岁，依法不能订立劳动合同（《劳动法》第十五条）。请核对身份证号。"
    message_en = (
        "People under sixteen may not conclude a labour contract (Labour Law, article 15). Check the ID number."
    )


class IdentityMismatch(DomainError):
    code = "identity_mismatch"
    http_status = 422
    message_zh = "姓名、身份证号与登录手机号不一致。请核对填写内容；手机号不是本人办理的，请改用人脸认证。"
    message_en = "Name, ID number and your phone do not belong together. Check them, or use the face check."


class PhoneNotSupported(DomainError):
    code = "phone_not_supported"
    http_status = 422
    message_zh = "该手机号属于虚拟运营商号段，运营商无法核验机主身份。请改用人脸认证。"
    message_en = "The number belongs to a virtual operator, whose owners cannot be checked. Please use the face check."


class NoRecord(DomainError):
    code = "no_record"
    http_status = 422
    message_zh = "运营商没有该手机号的实名记录，可能是新办或刚过户的号码。请过几天再试，或改用人脸认证。"
    message_en = (
        "The carrier has no record of this number's owner (new or transferred). Use the face check, or try later."
    )


class BankCardNumberInvalid(InvalidInput):
    code = "bank_card_number_invalid"
    message_zh = "银行卡号有误，请按卡面核对。"
    message_en = "The card number is not valid. Please check it against the card."


class BankMismatch(DomainError):
    code = "bank_mismatch"
    http_status = 422
    message_zh = (
        "姓名、证件号、银行卡号与银行预留手机号不一致。请核对填写内容，尤其是在银行预留的手机号，或更换认证方式。"
    )
    message_en = (
        "Name, document, card and the phone reserved at the bank do not belong together. "
        "Check them, the reserved phone above all, or use another method."
    )


class BankCardNotSupported(DomainError):
    """This card (or this document at this bank) cannot be checked."""

    code = "bank_card_not_supported"
    http_status = 422
    message_zh = "该银行卡或证件无法通过银行核验（如未激活、已挂失）。请换一张本人借记卡，或更换认证方式。"
    message_en = "The bank cannot check this card or document. Use another debit card of your own, or another method."


class BankCheckRefused(DomainError):
    """The bank's register does not accept what was entered."""

    code = "bank_check_refused"
    http_status = 422
    message_zh = "填写的信息未被银行受理，请核对姓名、证件号、银行卡号和预留手机号，或更换认证方式。"
    message_en = (
        "The bank does not accept what was entered. Check name, document, card and phone, or use another method."
    )


class BankCheckBusy(DomainError):
    """The banks limit how often one card is asked about."""

    code = "bank_check_busy"
    http_status = 429
    message_zh = "该银行卡今天的核验次数已达上限，请明天再试，或更换认证方式。"
    message_en = "The limit for this card is reached today. Try tomorrow, or use another method."


class VerificationLimit(DomainError):
    """`retry_after`: seconds."""

    code = "verification_limit"
    http_status = 429
    message_zh = "核验次数过多，请在 {retry_after} 秒后再试，或更换方式。"
    message_en = "Too many checks. Please try again in {retry_after} seconds, or use another method."


class AlreadyVerified(DomainError):
    code = "already_verified"
    http_status = 409
    message_zh = "您已完成实名认证，无需重复认证。"
    message_en = "You are verified already."


class IdentityTaken(DomainError):
    """Told only to somebody who has proved to be that person; workers may claim that account instead."""

    code = "identity_taken"
    http_status = 409
    message_zh = "您已用手机号 {phone_masked} 的账号完成实名认证，请用该号码登录；号码已停用的，请联系客服更换手机号。"
    message_en = (
        "You are verified under the account of {phone_masked}. Log in with it, or ask support to change the number."
    )


class ClaimProofWanted(DomainError):
    """A carrier says in whose name a number is, not who holds it: families share names, numbers change hands."""

    code = "claim_proof_wanted"
    http_status = 409
    message_zh = "手机号认证不足以找回以前的账号，请再用人脸认证或银行卡认证证明是您本人；都无法使用的，请联系客服。"
    message_en = (
        "The phone method is not enough to take an older account over. Verify by face or bank card as well; "
        "if you can use neither, contact support."
    )


class VerificationRequired(DomainError):
    code = "verification_required"
    http_status = 403
    message_zh = "请先完成实名认证，再进行此操作。"
    message_en = "Please verify your identity first."


class VerificationNotFound(NotFound):
    code = "verification_not_found"


class VerificationOver(DomainError):
    """The attempt has ended or expired; a new one is needed."""

    code = "verification_over"
    http_status = 409
    message_zh = "本次认证已结束或超时，请重新发起认证。"
    message_en = "This verification has ended or expired. Please start again."


class FaceCheckNotFound(NotFound):
    code = "face_check_not_found"


class FaceCheckNotPassed(DomainError):
    """Not passed, expired, or made for something else."""

    code = "face_check_not_passed"
    http_status = 409
    message_zh = "人脸核验未通过、已过期，或不是为本次操作进行的，请重新核验。"
    message_en = "The face check was not passed, has expired, or was made for something else. Please do it again."


class FaceCheckUsed(DomainError):
    code = "face_check_used"
    http_status = 409
    message_zh = "这次人脸核验已经使用过，请重新核验。"
    message_en = "This face check was used already. Please do it again."


class FaceCheckRefused(DomainError):
    """The vendor takes no check for this name and number."""

    code = "face_check_refused"
    http_status = 422
    message_zh = "姓名或身份证号未被人脸核验机构受理，请核对填写内容，换一家核验机构，或改用手机号认证。"
    message_en = "The face check does not accept this name and number. Check them, or use another vendor or the phone."


class FaceNotPossible(DomainError):
    """A verified person without a resident's card, of whom the authorities hold no picture."""

    code = "face_not_possible"
    http_status = 422
    message_zh = "刷脸只支持居民身份证。您认证时使用的是其他证件，请改用短信验证码。"
    message_en = (
        "A face check needs a resident identity card. You were verified by another document: use a code by SMS."
    )


class FaceMismatch(DomainError):
    code = "face_mismatch"
    http_status = 422
    message_zh = "人脸与身份证照片比对未通过。请确认是本人操作、光线充足后重试，或改用手机号、短信验证码等方式。"
    message_en = "The face does not match the identity card. Try again yourself in good light, or use another way."


class FaceNoRecord(DomainError):
    code = "face_no_record"
    http_status = 422
    message_zh = "权威机构没有可供比对的照片（常见于新办或换领身份证）。请改用手机号、短信验证码等方式。"
    message_en = "The authority holds no picture to compare with. Please use another way."


class FaceCancelled(DomainError):
    code = "face_cancelled"
    http_status = 422
    message_zh = "您取消了人脸核验，可以重新开始，或改用手机号、短信验证码等方式。"
    message_en = "You cancelled the face check. Start again, or use another way."


class FaceRefusedElsewhere(DomainError):
    """Whoever scanned the code said that they had not begun this."""

    code = "face_refused_elsewhere"
    http_status = 422
    message_zh = "扫码的人表示这不是本人发起的，刷脸已终止。请用您本人的手机扫码重新开始，或换一种方式。"
    message_en = (
        "Whoever scanned the code said it was not them; the check is over. Scan it yourself, or use another way."
    )


class FaceHandoverOver(DomainError):
    code = "face_handover_over"
    http_status = 409
    message_zh = "这次刷脸已完成、已取消或已过期。如需继续，请回到发起的页面重新开始。"
    message_en = "This face check is done, cancelled or expired. To go on, start again where it was begun."


class FaceHandoverTaken(DomainError):
    code = "face_handover_taken"
    http_status = 409
    message_zh = "这次刷脸已在另一部手机或另一个浏览器中继续。如果那不是您本人，请点“这不是我”。"
    message_en = "Another phone or browser went on with this face check. If that was not you, choose “This is not me”."


class FaceExpired(DomainError):
    code = "face_expired"
    http_status = 422
    message_zh = "人脸核验已超时，请重新开始。"
    message_en = "The face check has expired. Please start again."


class FaceUnavailable(ProviderUnavailable):
    message_zh = "人脸核验服务暂时无法使用，请稍后再试，换一家核验机构，或改用手机号认证、短信验证码。"
    message_en = "The face check is unavailable for the moment. Try later, another vendor, or the phone method."


class BankUnavailable(ProviderUnavailable):
    message_zh = "银行卡核验服务暂时无法使用，请稍后再试，或更换认证方式。"
    message_en = "The bank card check is unavailable for the moment. Try later, or use another method."


class CarrierUnavailable(ProviderUnavailable):
    message_zh = "手机号核验服务暂时无法使用，请稍后再试，或改用人脸认证。"
    message_en = "The phone check is unavailable for the moment. Try later, or use the face check."


class PhoneCheckRefused(DomainError):
    """The carrier's register does not accept what was entered."""

    code = "phone_check_refused"
    http_status = 422
    message_zh = "姓名、身份证号或手机号未被运营商受理，请核对填写内容，或改用人脸认证。"
    message_en = "The carrier does not accept this name, number or phone. Check them, or use the face check."


class PhoneCheckBusy(DomainError):
    """The carrier limits how often one person is asked about."""

    code = "phone_check_busy"
    http_status = 429
    message_zh = "运营商今天对该号码的核验次数已达上限，请明天再试，或改用人脸认证。"
    message_en = "The carrier's limit for this number is reached today. Try tomorrow, or use the face check."


class FaceLoginNoAccount(DomainError):
    """Told only to somebody who has proved to be that person."""

    code = "face_login_no_account"
    http_status = 409
    message_zh = "您尚未在本平台完成实名认证，不能刷脸登录。请用手机号登录，登录后完成实名认证即可使用。"
    message_en = "No account is verified as yours yet. Log in with your phone and verify your identity first."


class FaceLoginsUsedUp(DomainError):
    """The platform's own budget of a day, whoever asks. `retry_after`: seconds."""

    code = "face_logins_used_up"
    http_status = 429
    message_zh = "今天的刷脸登录次数已用完，请改用短信验证码或密码登录。"
    message_en = "Today's face logins are used up. Please log in with a code by SMS or your password."


class DocumentsRequired(DomainError):
    """A review needs one to four pictures that were uploaded for it and not used yet."""

    code = "documents_required"
    http_status = 422
    message_zh = "请上传证件照片（1 至 4 张，护照请上传资料页）。已过期的照片请重新上传。"
    message_en = "Please upload one to four pictures of the document (the passport's data page). Old ones expire."


class ReviewNotFound(NotFound):
    code = "review_not_found"


class ReviewDocumentNotFound(NotFound):
    code = "review_document_not_found"


class ReviewOver(DomainError):
    """Decided by somebody else, taken back by the applicant, or expired."""

    code = "review_over"
    http_status = 409
    message_zh = "该申请已处理、已撤回或已过期，请刷新列表。"
    message_en = "This application was decided, taken back or has expired. Please reload the list."


class OwnReview(DomainError):
    code = "own_review"
    http_status = 403
    message_zh = "不能审核本人的申请，请由其他审核人员处理。"
    message_en = "Nobody reviews their own application. Somebody else has to."
