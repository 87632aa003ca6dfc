"""Codes in people's words; msgids of the gettext catalogues."""


def N_(msgid: str) -> str:
    """Mark a text for the catalogues; it is translated where it is shown."""
    return msgid


KIND_TEXTS = {"worker": N_("劳动者"), "operator": N_("用人单位经办人")}
STATUS_TEXTS = {
    "reviewing": N_("待审核"),
    "verified": N_("已通过"),
    "failed": N_("未通过"),
    "cancelled": N_("申请人已撤回"),
    "expired": N_("已过期"),
}
STATUS_COLOURS = {"reviewing": "blue", "verified": "green", "failed": "red"}
NOTICES = {
    "approved": N_("已通过，申请人会收到短信和站内消息。"),
    "rejected": N_("已退回，申请人会看到您填写的原因。"),
    "not_possible": N_("该申请人此前已通过其他方式认证，本次申请已自动结束。"),
    "key_added": N_("安全密钥已添加，下次可以用它登录。"),
    "key_removed": N_("安全密钥已删除，不能再用它登录。"),
    "session_ended": N_("已退出所选设备的登录。"),
}
# What reviewers write again and again; each may be changed before it is sent.
REASONS = (
    N_("照片模糊或反光，请重新拍摄后提交。"),
    N_("填写的姓名或证件号码与照片不一致，请核对后重新提交。"),
    N_("证件已过有效期，请提交在有效期内的证件。"),
    N_("缺少证件资料页，请补充后重新提交。"),
)
