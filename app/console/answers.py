"""Files as answers, for pages and JSON alike."""

import io

from flask import Response, send_file

from app.core.clock import in_shanghai, now


def zip_answer(data: bytes) -> Response:
    """A zip to keep, named by the day."""
    name = f"合同-{in_shanghai(now()):%Y%m%d-%H%M}.zip"
    response = send_file(io.BytesIO(data), "application/zip", as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
