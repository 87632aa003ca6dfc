"""The organisation that was entered: its data and its verification (C1, C2, C3)."""

from typing import Any

from app.console.api.account_schemas import OrganisationDataSchema, OrganisationSchema, OrganisationVerificationSchema
from app.http.api import ApiBlueprint
from app.http.context import current_actor, providers
from app.organisations.service import get_organisation, update_organisation, verify_organisation

blueprint = ApiBlueprint(
    "console_organisation", __name__, url_prefix="/api/v1/console", description="用人单位：单位信息"
)


@blueprint.get("/organisation")
@blueprint.response(200, OrganisationSchema)
def show() -> Any:
    """The organisation that I entered."""
    return get_organisation(actor=current_actor())


@blueprint.patch("/organisation")
@blueprint.arguments(OrganisationDataSchema)
@blueprint.response(200, OrganisationSchema)
def change(body: dict[str, Any]) -> Any:
    """Correct its data, while nothing is verified."""
    return update_organisation(actor=current_actor(), **body)


@blueprint.post("/organisation/verification")
@blueprint.arguments(OrganisationVerificationSchema)
@blueprint.response(200, OrganisationSchema)
def verify(body: dict[str, Any]) -> Any:
    """The legal representative in person: the registry is asked for four factors."""
    return verify_organisation(actor=current_actor(), registry=providers().registry, **body)
