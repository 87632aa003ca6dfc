"""What notifications need from the outside world."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SmsReceipt:
    """Proof that the vendor accepted a message: its own message id (BizId / SerialNo)."""

    provider: str
    message_id: str


class SmsSender(Protocol):
    def send(self, *, phone: str, template: str, params: Mapping[str, str], reference: str) -> SmsReceipt:
        """Send one short message now.

        `phone`: 11 digits, mainland. `template`: our own template name (`app.notifications.texts`),
        mapped by the adapter to the vendor's template id. `reference`: our id, for the vendor's log.
        Raises ProviderError; `permanent` where the number or the template is refused.
        """


class MiniMessenger(Protocol):
    """Messages inside one platform's mini-program. Template names are those of `app.notifications.mini`.

    `subscribe_templates`: our name → the platform's template id, where each yes of the user is good for one message.
    `employee_templates`: the same, where one yes lasts until it is taken back. No name is in both.
    """

    @property
    def subscribe_templates(self) -> Mapping[str, str]: ...

    @property
    def employee_templates(self) -> Mapping[str, str]: ...

    def send(self, *, subject: str, template: str, data: Mapping[str, str], page: str, reference: str) -> None:
        """Send one message inside a mini-program's platform now.

        `subject`: the user there (openid, open_id, user_id). `template`: our own template name, mapped by the adapter.
        `data`: our field names and texts; the adapter cuts them to the platform's limits. `page`: what one tap opens.
        Raises ProviderError; `permanent` where the user has no grant left, refused, or is unknown.
        """
