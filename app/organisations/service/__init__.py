"""Use cases of organisations, split by verb."""

from app.identity.persons import require_verified_person
from app.organisations.queries import get_organisation, list_my_organisations
from app.organisations.service.licence import read_licence, save_licence
from app.organisations.service.registering import register_organisation, request_registration_code, update_organisation
from app.organisations.service.verifying import require_verified_organisation, verify_organisation
from app.organisations.sessions import authenticate_operator, enter_organisation

__all__ = [
    "authenticate_operator",
    "enter_organisation",
    "get_organisation",
    "list_my_organisations",
    "read_licence",
    "register_organisation",
    "request_registration_code",
    "require_verified_organisation",
    "require_verified_person",
    "save_licence",
    "update_organisation",
    "verify_organisation",
]
