"""Messages in Alipay's mini-program: `alipay.open.app.mini.templatemessage.send`.

Source: stored vendor page [DOC]. Not called against the live service; the sub_codes of a refusal are not documented
there, so every business failure (40004) counts as "the user allows none".
"""

import json
import re
from collections.abc import Mapping

from app.adapters.alipay import AlipayGateway
from app.adapters.mini_fields import fill
from app.core.errors import ProviderError
from app.settings.mini import MiniTemplate

SEND = "alipay.open.app.mini.templatemessage.send"
MOST_DATA = 2048
_USER_ID = re.compile(r"2088[0-9]{12}")


class AlipayMessenger:
    """MiniMessenger. `templates`: our name → what Alipay approved; each yes of the user is good for one message."""

    def __init__(self, gateway: AlipayGateway, templates: Mapping[str, MiniTemplate]) -> None:
        self._gateway = gateway
        self._templates = templates

    @property
    def subscribe_templates(self) -> Mapping[str, str]:
        return {name: template.id for name, template in self._templates.items()}

    @property
    def employee_templates(self) -> Mapping[str, str]:
        return {}

    def send(self, *, subject: str, template: str, data: Mapping[str, str], page: str, reference: str) -> None:
        """See `MiniMessenger.send`. Alipay takes no reference of ours."""
        known = self._templates.get(template)
        if known is None:
            raise ProviderError("alipay", "template_not_configured", template, permanent=True)
        text = json.dumps(fill(known, data, {}), ensure_ascii=False, separators=(",", ":"))
        if len(text) > MOST_DATA:
            raise ProviderError("alipay", "invalid_input", "data too long", permanent=True)
        to_whom = "to_user_id" if _USER_ID.fullmatch(subject) else "to_open_id"
        self._gateway.call(SEND, {to_whom: subject, "user_template_id": known.id, "page": page, "data": text})
