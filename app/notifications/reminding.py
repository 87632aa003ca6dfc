"""How often somebody may be reminded of the same thing: common to all links in SMS (G6, H6; T-02)."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from app.core.clock import in_shanghai, now
from app.core.errors import DomainError

PAUSE = timedelta(minutes=30)
MOST_A_DAY = 5
_DAY = timedelta(days=1)


class TooSoonToRemind(DomainError):
    """`next_at`: the next possible time, ISO 8601 in Shanghai; `retry_after`: seconds until then (H6)."""

    code = "too_soon_to_remind"
    http_status = 429
    message_zh = "现在还不能再次提醒对方，请在 {next_time} 之后再试。"
    message_en = "They cannot be reminded again yet. Please try after {next_time}."

    def __init__(self, *, next_at: datetime) -> None:
        local, wait = in_shanghai(next_at), math.ceil((next_at - now()).total_seconds())
        super().__init__(next_at=local.isoformat(), next_time=f"{local:%Y-%m-%d %H:%M}", retry_after=wait)


def next_reminder(sent: Sequence[datetime]) -> datetime:
    """From when on one more may be sent. `sent`: all until now, newest first, the first sending as the last of them."""
    next_at = sent[0] + PAUSE
    again = sent[:-1]  # the first one was the sending itself
    if len(again) >= MOST_A_DAY:
        next_at = max(next_at, again[MOST_A_DAY - 1] + _DAY)
    return whole_minute(next_at)


def whole_minute(moment: datetime) -> datetime:
    """Rounded up: what a person is told holds."""
    begun = moment.replace(second=0, microsecond=0)
    return begun if begun == moment else begun + timedelta(minutes=1)
