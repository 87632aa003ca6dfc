"""Messages in WeChat's mini-program: subscribe messages, and those of 用工关系 (employment relation).

Source: developers.weixin.qq.com [DOC]. Not called against the live service. A subscribe message spends one yes of the
user; a user bound by employment relation gets all until the relation ends. In the latter, `data` is a JSON *text*.
"""

import json
from collections.abc import Mapping

from app.adapters.mini_fields import WEIXIN_LIMITS, fill
from app.adapters.wechat import WeChatClient
from app.core.errors import ProviderError
from app.settings.mini import MiniTemplate

SUBSCRIBE = "/cgi-bin/message/subscribe/send"
EMPLOYEE = "/cgi-bin/message/wxopen/employeerelationmsg/send"
REFUSALS: Mapping[int, tuple[str, bool]] = {
    40003: ("user_unknown", True),
    40037: ("template_refused", True),
    40097: ("invalid_input", True),
    40256: ("no_grant", True),
    40257: ("user_unknown", True),
    41030: ("invalid_input", True),
    43101: ("no_grant", True),
    43104: ("no_grant", True),
    47003: ("invalid_input", True),
}


class WeChatMessenger:
    """MiniMessenger. `templates`: our name → what WeChat approved."""

    def __init__(self, client: WeChatClient, templates: Mapping[str, MiniTemplate]) -> None:
        self._client = client
        self._templates = templates

    @property
    def subscribe_templates(self) -> Mapping[str, str]:
        return {name: template.id for name, template in self._templates.items() if not template.lasting}

    @property
    def employee_templates(self) -> Mapping[str, str]:
        return {name: template.id for name, template in self._templates.items() if template.lasting}

    def send(self, *, subject: str, template: str, data: Mapping[str, str], page: str, reference: str) -> None:
        """See `MiniMessenger.send`. WeChat takes no reference of ours."""
        known = self._templates.get(template)
        if known is None:
            raise ProviderError("wechat", "template_not_configured", template, permanent=True)
        message = {"touser": subject, "template_id": known.id, "page": page}
        fields = fill(known, data, WEIXIN_LIMITS)
        if known.lasting:
            text = json.dumps({"data": fields}, ensure_ascii=False)
            self._client.post(EMPLOYEE, {**message, "data": text}, refusals=REFUSALS)
        else:
            more = {"miniprogram_state": "formal", "lang": "zh_CN", "data": fields}
            self._client.post(SUBSCRIBE, {**message, **more}, refusals=REFUSALS)
