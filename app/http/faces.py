"""Where a person goes for a face check, in every channel: never to a vendor by a code that somebody else may show."""

from datetime import datetime

from flask import Response, request

from app.core.clock import now
from app.http.context import providers, settings
from app.http.qr import qr_picture
from app.identity.face_checks import FaceCheckView

HANDOVER_PAGE = "/h5/#/pages/face/handover?t="
HANDOVERS = "/api/v1/worker/face-handovers"
_BROWSER = "gongyue_face"


def face_page(view: FaceCheckView | None) -> str | None:
    """The vendor's page, or our own that comes first where another device takes over. None: there is nowhere to go."""
    if view is not None and view.handover:
        return providers().return_url(HANDOVER_PAGE + view.handover)
    return view.url if view is not None else None


def face_qr(view: FaceCheckView | None) -> str | None:
    """The same for another device, as a picture."""
    page = face_page(view) if view is not None and view.elsewhere else None
    return qr_picture(page) if page else None


def browser_token() -> str:
    """What tells the browser that went on with a check from all others, or nothing."""
    return request.cookies.get(_BROWSER, "")


def set_browser_token(response: Response, token: str, expires_at: datetime) -> None:
    response.set_cookie(
        _BROWSER, token, max_age=int((expires_at - now()).total_seconds()), path=HANDOVERS,
        secure=settings().is_https, httponly=True, samesite="Lax",
    )  # fmt: skip
