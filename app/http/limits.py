"""How often one address may ask: a coarse net in front of the exact limits that live in the database (T-02, T-32)."""

import time

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.errors import RateLimitExceeded

from app.accounts.pacing import network_of
from app.http.context import client_ip, settings
from app.http.errors import TooManyRequests
from app.http.problems import answer, problem_of
from app.http.public import is_public
from app.settings import Settings

_UNLIMITED = frozenset({"healthz", "readyz", "metrics", "static", "h5.page", "h5.asset", "kit.static"})

# Public, but with a secret in hand: a whole office waits for its phones behind one address and asks every two seconds,
# and a platform pushes for all its users from a few.
_FREQUENT = frozenset(
    {
        "worker_qr_login.read_status", "worker_third_login.read_status", "worker_face_login.read_status",
        "console_qr_login.read_status", "console.follow_login_qr",
        "callbacks.aliyun_receipts", "callbacks.tencent_receipts",
        "platform_events.receive_wechat", "platform_events.receive_alipay",
    }
)  # fmt: skip


def init_limits(app: Flask, configured: Settings) -> None:
    """Counted in Redis when there is one, else per process. A dead Redis never refuses anybody."""
    limiter = Limiter(
        key_func=lambda: network_of(client_ip()) or "unknown",  # behind a socket file without a proxy: all together
        default_limits=[_limit],
        storage_uri=_storage(configured.redis_url),
        storage_options={"socket_timeout": 1, "socket_connect_timeout": 1} if configured.redis_url else {},
        strategy="fixed-window",
        headers_enabled=False,  # it would overwrite the Retry-After of our own errors
        swallow_errors=True,
        in_memory_fallback_enabled=bool(configured.redis_url),
    )
    limiter.request_filter(lambda: request.endpoint in _UNLIMITED)
    limiter.init_app(app)

    def refuse(_error: RateLimitExceeded) -> Response:
        reset_at = limiter.current_limit.reset_at if limiter.current_limit else time.time() + 60
        return answer(problem_of(TooManyRequests(retry_after=max(1, int(reset_at - time.time())))))

    app.register_error_handler(RateLimitExceeded, refuse)


def _storage(redis_url: str) -> str:
    """The limiter has its own name for Redis behind a socket file."""
    return (
        redis_url.replace("unix://", "redis+unix://", 1)
        if redis_url.startswith("unix://")
        else redis_url or "memory://"
    )


def _limit() -> str:
    configured, is_strict = settings(), is_public(request.endpoint) and request.endpoint not in _FREQUENT
    return configured.rate_limit_public if is_strict else configured.rate_limit_default
