"""Why an onboarding, the roster or a department refuses."""

from typing import ClassVar

from app.core.errors import DomainError, NotFound


class OnboardingNotFound(NotFound):
    code = "onboarding_not_found"
    message_zh = "没有找到这份入职邀请，可能不属于当前账号。"
    message_en = "This invitation to onboarding was not found, or it does not belong to this account."


class OnboardingActionNotAllowed(DomainError):
    """`action` is not in the table for `status`."""

    code = "onboarding_action_not_allowed"
    http_status = 409
    message_zh = "入职登记当前为“{status_zh}”，不能进行此操作，请刷新后查看最新状态。"
    message_en = "The onboarding's present state ({status}) does not allow this. Refresh to see the latest state."

    _ZH: ClassVar = {
        "invited": "待确认", "filling": "填写中", "reviewing": "审核中", "rejected": "待修改", "accepted": "已通过",
        "withdrawn": "已撤回", "declined": "劳动者已放弃", "expired": "已过期",
    }  # fmt: skip

    def __init__(self, *, action: str, status: str) -> None:
        super().__init__(action=action, status=status, status_zh=self._ZH.get(status, status))


class InvitationOver(DomainError):
    """Whether or not its job has run, the deadline counts."""

    code = "invitation_over"
    http_status = 409
    message_zh = "入职登记已超过有效期，请联系用人单位重新邀请。"
    message_en = "This onboarding is past its deadline. Ask the employer to invite you again."


class InvitationNameMismatch(DomainError):
    code = "invitation_name_mismatch"
    http_status = 403
    message_zh = "邀请上的姓名与您的实名信息不一致，请联系用人单位核对后重新邀请。"
    message_en = "The name on the invitation differs from your verified name. Ask the employer to correct and resend."


class AlreadyInvited(DomainError):
    code = "already_invited"
    http_status = 409
    message_zh = "这个手机号已有一份办理中的入职邀请，请在列表中查看，或撤回后重新邀请。"
    message_en = "An invitation for this phone is under way. Find it in the list, or withdraw it and invite again."


class AlreadyOnRoster(DomainError):
    code = "already_on_roster"
    http_status = 409
    message_zh = "该劳动者已在此单位的员工花名册中，无需再办理入职登记。"
    message_en = "This person is on the organisation's roster already; no onboarding is needed."


class OnboardingChanged(DomainError):
    code = "onboarding_changed"
    http_status = 409
    message_zh = "入职资料已有变化（劳动者重新提交，或同事已更正），请刷新页面核对后再操作。"
    message_en = "The data has changed meanwhile: submitted again, or corrected by a colleague. Reload and check."


class NobodyToInvite(DomainError):
    code = "nobody_to_invite"
    http_status = 409
    message_zh = "劳动者现在不需要办理（已提交、已结束或已过期），请刷新后查看最新状态。"
    message_en = "There is nothing for the worker to do: submitted, ended or expired. Refresh to see the state."


class NotOnRoster(DomainError):
    code = "not_on_roster"
    http_status = 409
    message_zh = "该劳动者的入职资料还没有审核通过，不在员工花名册中。"
    message_en = "This person's onboarding has not been accepted: they are not on the roster."


class DepartmentNotFound(NotFound):
    code = "department_not_found"
    message_zh = "没有找到这个部门，可能已被删除，请刷新页面。"
    message_en = "This department was not found; it may have been deleted. Reload the page."


class DepartmentNotEmpty(DomainError):
    """`below`: how many departments are under it. `employees`: how many people are directly in it."""

    code = "department_not_empty"
    http_status = 409
    message_zh = (
        "该部门还有 {below} 个下级部门、{employees} 名员工。"
        "请先移走或删除下级部门，并把员工调整到其他部门，再删除本部门。"
    )
    message_en = (
        "This department still has {below} departments below it and {employees} employees. "
        "Move or delete the departments and put the employees elsewhere first."
    )


class TooManyDepartments(DomainError):
    code = "too_many_departments"
    http_status = 409
    message_zh = "每个单位最多 {most} 个部门，请先删除不再使用的部门。"
    message_en = "An organisation has at most {most} departments. Delete those that are no longer used."


class NoticeOutdated(DomainError):
    """Another version of the notice, or other words than those on the screen."""

    code = "notice_outdated"
    http_status = 409
    message_zh = "《入职登记告知书》已更新，请重新阅读后再同意。"
    message_en = "The notice on onboarding has a new version. Please read it again before you agree."
