"""Why a contract refuses."""

from typing import ClassVar

from app.core.errors import DomainError, NotFound


class ContractNotFound(NotFound):
    code = "contract_not_found"
    message_zh = "没有找到这份合同，可能已被删除，或不属于当前账号。"
    message_en = "This contract was not found, or it does not belong to this account."


class ActionNotAllowed(DomainError):
    """`action` is not in the table for `status`."""

    code = "action_not_allowed"
    http_status = 409
    message_zh = "合同当前状态（{status_zh}）不能进行此操作，请刷新后查看最新状态。"
    message_en = "The contract's present state ({status}) does not allow this. Refresh to see the latest state."

    _ZH: ClassVar = {
        "draft": "草稿", "confirming": "待确认", "signing": "签署中", "sealing": "签署中", "completed": "已完成",
        "withdrawn": "已撤回", "terminated": "已终止", "expired": "已过期",
    }  # fmt: skip

    def __init__(self, *, action: str, status: str) -> None:
        super().__init__(action=action, status=status, status_zh=self._ZH.get(status, status))


class NotYourTurn(DomainError):
    code = "not_your_turn"
    http_status = 409
    message_zh = "还没有轮到您签署，前一位签署人签完后会通知您。"
    message_en = "It is not your turn yet. You will be told when the signer before you is done."


class AlreadySigned(DomainError):
    code = "already_signed"
    http_status = 409
    message_zh = "您已签署这份合同，不能再进行此操作。"
    message_en = "You have signed this contract already."


class DeadlinePassed(DomainError):
    code = "deadline_passed"
    http_status = 409
    message_zh = "已超过签署截止时间，请联系用人单位重新发送。"
    message_en = "The signing deadline has passed. Ask the employer to send it again."


class DocumentChanged(DomainError):
    code = "document_changed"
    http_status = 409
    message_zh = "文件内容与您看到的不一致，请重新打开合同阅读后再操作。"
    message_en = "The document differs from the one you were shown. Open and read it again."


class ReadingNotFinished(DomainError):
    code = "reading_not_finished"
    http_status = 409
    message_zh = "请先读完合同全文：还有 {pages_left} 页未读，约需 {seconds_left} 秒。"
    message_en = "Please read to the end first: {pages_left} pages and about {seconds_left} seconds are left."


class NameMismatch(DomainError):
    code = "name_mismatch"
    http_status = 403
    message_zh = "合同上的姓名与您的实名信息不一致，请联系用人单位核对后重新发送。"
    message_en = "The name on the contract differs from your verified name. Ask the employer to correct and resend."


class NotReadyToSend(DomainError):
    """`fields` says what is missing, item by item."""

    code = "not_ready_to_send"
    http_status = 422
    message_zh = "合同还不能发送，请先补全标出的内容。"
    message_en = "The contract cannot be sent yet. Please complete the marked items."


class DraftChanged(DomainError):
    code = "draft_changed"
    http_status = 409
    message_zh = "草稿刚刚被修改，请刷新后重试。"
    message_en = "The draft has just been changed. Reload and try again."


class NotDownloadableYet(DomainError):
    code = "not_downloadable_yet"
    http_status = 409
    message_zh = "合同尚未完成签署，完成后即可下载。"
    message_en = "The contract is not completed yet. It can be downloaded once it is."


class DownloadCheckRequired(DomainError):
    """Before the file is handed out: `download-checks`."""

    code = "download_check_required"
    http_status = 403
    message_zh = "下载前需要核验本人身份，请先完成刷脸或短信验证。"
    message_en = "Before the download, please show that it is you: by a face check or a code."


class OpeningCheckRequired(DomainError):
    """Before the text is shown: `opening-checks`. `contract_id`, `contract_title`, `organisation`: as in a list.

    `ways` of showing it: those of signing.
    """

    code = "opening_check_required"
    http_status = 403
    message_zh = "用人单位要求查看合同前先核对本人，请先完成刷脸或短信验证。"
    message_en = "The employer asks that you show it is you before reading: by a face check or a code."


class SealNotUsable(DomainError):
    code = "seal_not_usable"
    http_status = 422
    message_zh = "所选印章不可用，请选择本单位有效的合同专用章。"
    message_en = "The chosen seal cannot be used. Choose a valid contract seal of this organisation."


class SignatureRequired(DomainError):
    code = "signature_required"
    http_status = 422
    message_zh = "请先手写签名。"
    message_en = "Please draw your signature first."


class NobodyToRemind(DomainError):
    code = "nobody_to_remind"
    http_status = 409
    message_zh = "劳动者现在不需要办理这份合同（已签署、已结束或已过截止时间），请刷新后查看最新状态。"
    message_en = "There is nothing for the worker to do: signed, ended, or past the deadline. Refresh to see the state."
