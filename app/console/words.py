"""Codes of the domain in people's words; msgids of the gettext catalogues."""

from flask_babel import gettext

from app.core.text import mask_name, mask_phone


def N_(msgid: str) -> str:
    """Mark a text for the catalogues; it is translated where it is shown."""
    return msgid


STATUS_TEXTS = {
    "draft": N_("草稿"),
    "confirming": N_("待劳动者确认"),
    "signing": N_("签署中"),
    "sealing": N_("签署中"),
    "completed": N_("已完成"),
    "withdrawn": N_("已撤回"),
    "terminated": N_("已终止"),
    "expired": N_("已过期"),
}
STATUS_COLOURS = {"confirming": "blue", "signing": "blue", "sealing": "blue", "completed": "green", "expired": "yellow"}
LETTER_TEXTS = {
    "waiting": N_("等待法定代表人签署"),
    "sealing": N_("签署中"),
    "signed": N_("已签署"),
    "refused": N_("已拒绝"),
    "withdrawn": N_("已撤回"),
    "expired": N_("已过期"),
    "void": N_("已作废"),
}
LETTER_COLOURS = {"waiting": "blue", "sealing": "blue", "signed": "green", "refused": "yellow", "expired": "yellow"}
STEP_TEXTS = {
    "sign": N_("待我盖章"),
    "wait": N_("待劳动者操作"),
    "sealing": N_("正在写入签名"),
    "done": N_("已完成"),
    "ended": N_("已结束"),
}
TIMELINE_TEXTS = {
    "contract.sent": N_("用人单位发送了合同"),
    "contract.link_resent": N_("用人单位重新发送了签署短信"),
    "contract.urged": N_("用人单位提醒劳动者办理"),
    "contract.unlocked": N_("劳动者查看前核对了本人"),
    "contract.opened": N_("劳动者打开了合同"),
    "contract.confirmed": N_("劳动者阅读并确认了合同内容"),
    "contract.sealed": N_("签名已写入文件并加盖时间戳"),
    "contract.completed": N_("合同完成签署"),
    "contract.withdrawn": N_("用人单位撤回了合同"),
    "contract.terminated": N_("劳动者终止了合同"),
    "contract.expired": N_("超过签署期限，合同已过期"),
}
# Where it matters who: by the entry's `party`.
PARTY_TEXTS = {
    "contract.signed": {"worker": N_("劳动者签署了合同"), "organisation": N_("用人单位盖章签署")},
    "contract.downloaded": {
        "worker": N_("劳动者下载了合同"), "organisation": N_("用人单位下载了合同"), "copy": N_("抄送方下载了合同"),
    },
}  # fmt: skip
KIND_TEXTS = {
    "enterprise": N_("企业"),
    "individual_business": N_("个体工商户"),
    "other": N_("其他（事业单位、社会组织等）"),
}
TERM_TEXTS = {
    "post": N_("岗位"),
    "place": N_("工作地点"),
    "term": N_("合同期限"),
    "start_on": N_("开始日期"),
    "end_on": N_("结束日期"),
    "probation": N_("试用期"),
    "pay": N_("劳动报酬"),
    "hours": N_("工时制度"),
}
CONTRACT_KIND_TEXTS = {
    "labour_contract": N_("劳动合同（新签）"),
    "renewal": N_("劳动合同（续签）"),
    "supplement": N_("补充条款"),
    "termination": N_("解除（终止）劳动合同证明书"),
    "other": N_("其他"),
}
DELIVERY_TEXTS = {
    "queued": N_("等待发送"),
    "sent": N_("已发出，等待回执"),
    "delivered": N_("已送达"),
    "undelivered": N_("未送达"),
    "unknown": N_("发送结果未知"),
}
METHOD_TEXTS = {
    "phone": N_("手机认证"),
    "bank": N_("银行卡认证"),
    "face": N_("人脸认证"),
    "manual": N_("人工审核"),
}
INTENT_TEXTS = {"sms": N_("短信验证码"), "face": N_("人脸识别"), "pin": N_("证书密码")}
CERTIFICATE_TEXTS = {
    "none": N_("未激活"),
    "issuing": N_("正在签发"),
    "active": N_("有效"),
    "expired": N_("已到期"),
    "revoked": N_("已注销"),
}
ROLE_TEXTS = {"super_administrator": N_("超级管理员"), "operator": N_("经办人")}


def status_text(status: str) -> str:
    return str(gettext(STATUS_TEXTS[status]))


def status_colour(status: str) -> str:
    """Green only for signed; ended states are grey. Never colour alone: the word stands beside it."""
    return STATUS_COLOURS.get(status, "secondary")


def letter_text(status: str) -> str:
    return str(gettext(LETTER_TEXTS[status]))


def delivery_text(delivery: str) -> str:
    return str(gettext(DELIVERY_TEXTS[delivery]))


def mask(phone: str) -> str:
    """139****9000: people need not read a whole number to know whose it is."""
    return mask_phone(phone)


def mask_person(name: str) -> str:
    """张*: enough to know whom it is about."""
    return mask_name(name)


def timeline_text(action: str, party: str) -> str:
    """`party`: who signed or downloaded, where the entry says so."""
    text = PARTY_TEXTS[action][party] if action in PARTY_TEXTS else TIMELINE_TEXTS[action]
    return str(gettext(text))


# What the page that one is led to says about what was just done (`?done=`).
NOTICES = {
    "registered": N_("单位已注册。下一步：完成经办人和单位认证，即可发起合同。"),
    "person_verified": N_("经办人实名认证已完成。"),
    "organisation_verified": N_("单位认证已完成。下一步：制作合同专用章。"),
    "letter_sent": N_("授权书已生成，签署链接已通过短信发给法定代表人。"),
    "letter_resent": N_("签署短信已重新发送，此前的链接不再有效。"),
    "letter_withdrawn": N_("授权书已撤回，链接不再有效。可以修改信息，重新认证。"),
    "saved": N_("已保存。"),
    "seal_made": N_("印章已生成。"),
    "seal_default": N_("已设为默认印章。"),
    "seal_revoked": N_("印章已作废，不能再用于签署；已签署的合同不受影响。"),
    "sent": N_("合同已发送，劳动者会收到短信通知。"),
    "copied": N_("已复制为新的草稿，请核对后发送。"),
    "discarded": N_("草稿已删除。"),
    "withdrawn": N_("合同已撤回，劳动者会收到短信通知。"),
    "link_resent": N_("签署短信已重新发送，此前短信中的链接不再有效。"),
    "urged": N_("已提醒劳动者：短信和消息已发出，此前短信中的链接不再有效。"),
    "sealed": N_("已提交盖章，正在写入签名和时间戳。"),
    "invited": N_("邀请短信已发送。劳动者填写提交后，会在消息中心通知您审核。"),
    "invitation_resent": N_("邀请短信已重新发送，此前短信中的链接不再有效。"),
    "invitation_withdrawn": N_("邀请已撤回，劳动者填写的内容已删除。"),
    "onboarding_accepted": N_("已通过，劳动者已加入员工花名册，并会收到短信通知。"),
    "onboarding_rejected": N_("已退回，劳动者会收到短信，修改后重新提交。"),
    "department_added": N_("部门已添加。"),
    "department_moved": N_("部门已移动。"),
    "department_deleted": N_("部门已删除。"),
    "department_changed": N_("已调整部门。"),
    "password_saved": N_("登录密码已保存。修改密码后，其他设备上的登录会失效。"),
    "password_reset": N_("密码已重置，请用新密码登录。"),
    "pin_saved": N_("证书密码已保存。"),
    "certificate_revoked": N_("数字证书已注销。"),
    "key_added": N_("安全密钥已添加，下次可以用它登录。"),
    "key_removed": N_("安全密钥已删除，不能再用它登录。"),
    "session_ended": N_("已退出所选设备的登录。"),
    "consent_withdrawn": N_("已撤回同意；今后需要时会再次征得您的同意。"),
}
