"""All blueprints of the worker's API; help needs no session."""

from app.http.access import protect_worker_routes
from app.http.api import PlatformApi
from app.worker_api import (
    authorisations,
    bindings,
    certificates,
    contracts,
    devices,
    downloads,
    face_handovers,
    face_login,
    faces,
    login,
    messages,
    onboardings,
    openings,
    passwords,
    qr_login,
    session,
    signing,
    third_login,
    verification,
    verification_documents,
)

BLUEPRINTS = (
    login.blueprint, session.blueprint, devices.blueprint, verification.blueprint, contracts.blueprint,
    signing.blueprint, messages.blueprint, messages.help_blueprint, passwords.blueprint,
    qr_login.blueprint, third_login.blueprint, bindings.blueprint, faces.blueprint, face_login.blueprint,
    verification_documents.blueprint, downloads.blueprint, certificates.blueprint, onboardings.blueprint,
    authorisations.blueprint, face_handovers.blueprint, openings.blueprint,
)  # fmt: skip

for _blueprint in BLUEPRINTS:
    protect_worker_routes(_blueprint)


def register(api: PlatformApi) -> None:
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint)
