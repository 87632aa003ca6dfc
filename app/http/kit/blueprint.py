"""The kit's templates and static files, and what templates may call."""

import uuid

from flask import Blueprint, Flask

from app.http.kit.web import csrf_token, shanghai, time_left
from app.http.language import language


class KitBlueprint(Blueprint):
    def get_send_file_max_age(self, filename: str | None) -> int | None:
        """Modules and styles are asked for again each time (304 mostly): they change with the pages."""
        return 0


def init_kit(app: Flask) -> None:
    """Before the channels that use it."""
    app.register_blueprint(
        KitBlueprint("kit", __name__, url_prefix="/kit", template_folder="templates", static_folder="static")
    )
    app.jinja_env.globals.update(
        csrf_token=csrf_token, new_key=lambda: str(uuid.uuid4()), shanghai=shanghai, time_left=time_left,
        language=language,
    )  # fmt: skip
