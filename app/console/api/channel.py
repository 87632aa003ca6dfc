"""All blueprints of the employer's JSON API."""

from app.console.access import protect_console_routes
from app.console.api import (
    authorisations,
    certificates,
    contracts,
    departments,
    documents,
    employees,
    licence,
    messages,
    organisation,
    passwords,
    people,
    qr_login,
    reminders,
    seals,
    security_keys,
    session,
    signing,
    verification,
    verification_documents,
)
from app.http.api import PlatformApi

BLUEPRINTS = (
    session.blueprint, verification.blueprint, organisation.blueprint, licence.blueprint,
    authorisations.blueprint, seals.blueprint, contracts.blueprint,
    documents.blueprint, signing.blueprint, messages.blueprint, passwords.blueprint,
    security_keys.blueprint, reminders.blueprint, verification_documents.blueprint,
    qr_login.blueprint, certificates.blueprint, people.blueprint, departments.blueprint,
    employees.blueprint,
)  # fmt: skip

for _blueprint in BLUEPRINTS:
    protect_console_routes(_blueprint)


def register(api: PlatformApi) -> None:
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint)
