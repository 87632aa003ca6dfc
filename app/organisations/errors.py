"""Why an organisation's registration, verification or use refuses."""

from app.core.errors import DomainError, InvalidInput, NotFound, ProviderUnavailable


class OrganisationNotFound(NotFound):
    code = "organisation_not_found"


class UsccInvalid(InvalidInput):
    code = "uscc_invalid"
    message_zh = "统一社会信用代码有误，请核对营业执照上的 18 位代码。"
    message_en = "The unified social credit code is not valid. Check its 18 characters on the business licence."


class OrganisationNotChosen(DomainError):
    """Logged in, but no organisation was entered yet (A9)."""

    code = "organisation_not_chosen"
    http_status = 403
    message_zh = "请先选择要进入的用人单位。"
    message_en = "Please choose the organisation to enter first."


class AlreadyMember(DomainError):
    """`organisation_id`: the one to enter instead."""

    code = "organisation_already_yours"
    http_status = 409
    message_zh = "您已注册过该单位，请直接登录并进入该单位。"
    message_en = "You have registered this organisation already. Log in and enter it."


class LicenceRequired(DomainError):
    code = "licence_required"
    http_status = 422
    message_zh = "请先上传营业执照（或其他登记证书）的图片，再提交核验。"
    message_en = "Please upload a picture of the business licence first."


class LicenceNotFound(NotFound):
    code = "licence_not_found"
    message_zh = "尚未上传营业执照图片。"
    message_en = "No picture of the business licence has been uploaded."


class OrganisationNotVerified(DomainError):
    code = "organisation_not_verified"
    http_status = 403
    message_zh = "单位尚未完成认证，请先在首页点击“立即认证”。"
    message_en = "The organisation is not verified yet. Use “Verify now” on the home page first."


class OrganisationAlreadyVerified(DomainError):
    code = "organisation_already_verified"
    http_status = 409
    message_zh = "单位已完成认证，认证信息不能直接修改。"
    message_en = "The organisation is verified already; its verified data cannot simply be changed."


class OrganisationTaken(DomainError):
    """Told only to who knows all four factors, after the registry confirmed them (T-27, T-29)."""

    code = "organisation_taken"
    http_status = 409
    message_zh = "该单位已在平台完成认证，不能重复认证。请联系本单位管理员邀请您加入，或联系客服。"
    message_en = (
        "This organisation is verified on the platform already. Ask its administrator to invite you, or support."
    )


class RepresentativeMismatch(DomainError):
    code = "representative_mismatch"
    http_status = 422
    message_zh = "填写的法定代表人与当前登录人的实名信息不一致。请由法定代表人本人登录并完成实名认证后办理。"
    message_en = (
        "The legal representative entered is not the person logged in. The representative must do this in person."
    )


class RepresentativeIsYou(DomainError):
    code = "representative_is_you"
    http_status = 422
    message_zh = "您就是法定代表人本人，不需要授权书，请改选“法定代表人本人认证”。"
    message_en = (
        "You are the legal representative yourself: no letter is needed. Choose “legal representative in person”."
    )


class AuthorisationUnderWay(DomainError):
    code = "authorisation_under_way"
    http_status = 409
    message_zh = "授权书正在等待法定代表人签署，单位信息暂不能修改。需要修改时，请先撤回授权书，再重新认证。"
    message_en = (
        "The authorisation letter waits for the legal representative, so the data cannot change now. "
        "To change them, withdraw the letter first and start again."
    )


class OrganisationMismatch(DomainError):
    code = "organisation_mismatch"
    http_status = 422
    message_zh = "单位名称、统一社会信用代码与法定代表人信息不一致，或单位已注销、吊销。请按营业执照核对后重试。"
    message_en = "Name, code and legal representative do not belong together, or the organisation no longer exists."


class OrganisationNoRecord(DomainError):
    code = "organisation_no_record"
    http_status = 422
    message_zh = "登记机关没有查到该单位。新设立的单位请在登记后次日再试，其他情况请核对营业执照。"
    message_en = (
        "The registry does not know this organisation. If it is new, try again tomorrow; else check the licence."
    )


class OrganisationCheckRefused(DomainError):
    code = "organisation_check_refused"
    http_status = 422
    message_zh = "登记核验机构未受理填写的信息，请按营业执照逐项核对后重试。"
    message_en = "The registry check does not accept these values. Compare each with the business licence."


class OrganisationCheckLimit(DomainError):
    """`retry_after`: seconds."""

    code = "organisation_check_limit"
    http_status = 429
    message_zh = "认证次数过多，请在 {retry_after} 秒后再试。"
    message_en = "Too many checks. Please try again in {retry_after} seconds."


class RegistryUnavailable(ProviderUnavailable):
    message_zh = "登记核验服务暂时无法使用，您填写的内容已保留，请稍后再试。"
    message_en = "The registry check is unavailable for the moment. What you entered is kept; please try later."
