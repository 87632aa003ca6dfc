"""Language and size of text (M5)."""

from app.accounts.models import FontScale, Language, WorkerAccount
from app.accounts.queries import get_account
from app.core.actor import Actor
from app.core.db import transaction
from app.core.errors import InvalidInput


def update_preferences(*, actor: Actor, language: str | None = None, font_scale: str | None = None) -> None:
    """Change what is given. `language`: zh-CN or en; `font_scale`: 1, 1.25 or 1.5 (workers). Raises InvalidInput."""
    if language is not None and language not in set(Language):
        raise InvalidInput(fields={"language": ["只支持中文（zh-CN）和英文（en）。"]})
    if font_scale is not None and font_scale not in set(FontScale):
        raise InvalidInput(fields={"font_scale": ["字号只能是 1、1.25 或 1.5。"]})
    with transaction() as session:
        account = get_account(session, actor)
        if language is not None:
            account.language = language
        if font_scale is not None and isinstance(account, WorkerAccount):
            account.font_scale = font_scale
