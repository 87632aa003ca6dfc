"""The message centre, and help (D7)."""

from typing import Any

import marshmallow as ma
from flask_babel import gettext

from app.http.api import ApiBlueprint
from app.http.context import settings
from app.http.shared.messages import add_messages

blueprint = ApiBlueprint("worker_messages", __name__, url_prefix="/api/v1/worker", description="劳动者：消息")
add_messages(blueprint)
help_blueprint = ApiBlueprint("worker_help", __name__, url_prefix="/api/v1", description="帮助")

QUESTIONS = (
    ("签电子劳动合同要付费吗？", "不需要。劳动者在本平台查看、签署、下载合同均免费。"),
    (
        "电子劳动合同和纸质的效力一样吗？",
        "一样。使用可靠电子签名订立的电子劳动合同，与书面劳动合同效力相同。",
    ),
    ("收不到验证码怎么办？", "请检查手机信号和短信拦截，60 秒后可重新获取；仍收不到，请换一种方式或拨打客服电话。"),
    ("合同内容有误怎么办？", "请先不要签署，联系用人单位修改后重新发送；也可以在合同页面终止并说明原因。"),
    ("不是本人签的怎么办？", "请立即拨打客服电话。每次签署都有本人核验、意愿认证和时间戳记录，可供查证。"),
)


class QuestionSchema(ma.Schema):
    q = ma.fields.String(required=True)
    a = ma.fields.String(required=True)


class HelpSchema(ma.Schema):
    telephone = ma.fields.String(required=True)
    hours = ma.fields.String(required=True)
    questions = ma.fields.List(ma.fields.Nested(QuestionSchema), required=True)


@help_blueprint.get("/help")
@help_blueprint.response(200, HelpSchema)
def get_help() -> Any:
    """Whom to call, and what people ask."""
    return {
        "telephone": settings().help_telephone,
        "hours": gettext("工作日 9:00–17:30"),
        "questions": [{"q": gettext(question), "a": gettext(reply)} for question, reply in QUESTIONS],
    }
