"""Which language a request is answered in: the account's, else Accept-Language, else Chinese."""

from flask import Flask, g, has_request_context, request
from flask_babel import Babel, get_locale

LANGUAGES = ("zh", "en")


def init_languages(app: Flask) -> None:
    Babel(
        app,
        default_locale="zh",
        default_timezone="Asia/Shanghai",
        default_translation_directories="translations",
        locale_selector=_chosen,
        timezone_selector=lambda: "Asia/Shanghai",
    )


def language() -> str:
    """`zh` or `en`."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "zh"


def _chosen() -> str:
    if not has_request_context():
        return "zh"
    account: str | None = g.get("language")
    if account:
        return "en" if account.startswith("en") else "zh"
    return request.accept_languages.best_match(LANGUAGES, "zh") or "zh"
