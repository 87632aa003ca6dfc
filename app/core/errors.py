"""Errors that a person or a client can act on.

A domain error states a fact (`NotYourTurn`), carries a machine `code`, an HTTP status and a
sentence in Chinese and English that says what to do. `app.http` renders it as RFC 9457.
"""

from typing import Any, ClassVar


class DomainError(Exception):
    """Base of all errors with a code. Subclasses set the class attributes; `{placeholders}` are filled."""

    code: ClassVar[str] = "error"
    http_status: ClassVar[int] = 400
    message_zh: ClassVar[str] = "操作未完成，请稍后再试。"
    message_en: ClassVar[str] = "The operation was not completed. Please try again later."

    def __init__(self, *, fields: dict[str, list[str]] | None = None, **details: Any) -> None:
        self.details = details
        self.fields = fields or {}
        super().__init__(self.text_en)

    @property
    def text_zh(self) -> str:
        return self.message_zh.format(**self.details)

    @property
    def text_en(self) -> str:
        return self.message_en.format(**self.details)


class NotFound(DomainError):
    """Does not exist, or is not this actor's to see: the two are never told apart (T-01)."""

    code = "not_found"
    http_status = 404
    message_zh = "没有找到您要的内容，可能已被删除，或不属于当前账号。"
    message_en = "Not found, or it does not belong to this account."


class NotPermitted(DomainError):
    code = "not_permitted"
    http_status = 403
    message_zh = "当前账号没有此项权限，请联系本单位管理员。"
    message_en = "This account lacks the permission. Ask your organisation's administrator."


class InvalidInput(DomainError):
    """Well-formed input that a rule refuses; `fields` maps a field to its messages."""

    code = "invalid_input"
    http_status = 422
    message_zh = "填写的内容有误，请检查标出的项目。"
    message_en = "Some values are not valid. Please check the marked fields."


class ProviderError(Exception):
    """A vendor could not do its part. `permanent` = asking again with the same data is pointless.

    Never carries personal data: adapters strip it. An outage is not a mismatch (it delays).
    """

    def __init__(self, provider: str, code: str, message: str = "", *, permanent: bool = False) -> None:
        self.provider = provider
        self.code = code
        self.permanent = permanent
        super().__init__(f"{provider}: {code} {message}".strip())


class ProviderUnavailable(DomainError):
    """What a person sees when a vendor is down: nothing is lost, try again."""

    code = "provider_unavailable"
    http_status = 503
    message_zh = "{service}暂时无法使用，您填写的内容已保留，请稍后再试或更换方式。"
    message_en = "{service} is unavailable for the moment. What you entered is kept; try later or another way."
