"""The OpenAPI document on standard output, e.g. for generating clients."""

import json

from app.factory import build_app
from app.settings import Settings
from app.wiring import build_providers


def write_openapi(settings: Settings) -> int:
    client = build_app(settings, build_providers(settings)).test_client()
    print(json.dumps(client.get("/api/openapi.json").get_json(), ensure_ascii=False, indent=2))
    return 0
