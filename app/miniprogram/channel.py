"""All blueprints that only mini-programs use; everything else they share with H5 (`app.worker_api`)."""

from app.http.access import protect_worker_routes
from app.http.api import PlatformApi
from app.miniprogram import login, messages

BLUEPRINTS = (login.blueprint, messages.blueprint)

for _blueprint in BLUEPRINTS:
    protect_worker_routes(_blueprint)


def register(api: PlatformApi) -> None:
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint)
