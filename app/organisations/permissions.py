"""Function permissions (D2) and the roles that carry them."""

from collections.abc import Mapping
from enum import StrEnum

from app.organisations.models import Role


class Permission(StrEnum):
    """What a member may do in the organisation; the first line of every use case asks for one."""

    VIEW_CONTRACT = "contract.view"
    SEND_CONTRACT = "contract.send"
    WITHDRAW_CONTRACT = "contract.withdraw"
    SIGN_CONTRACT = "contract.sign"
    USE_SEAL = "seal.use"
    MANAGE_SEAL = "seal.manage"
    MANAGE_ORGANISATION = "organisation.manage"
    MANAGE_PEOPLE = "people.manage"


ROLE_PERMISSIONS: Mapping[str, frozenset[str]] = {
    Role.SUPER_ADMINISTRATOR: frozenset(Permission),
    Role.OPERATOR: frozenset(
        {
            Permission.VIEW_CONTRACT,
            Permission.SEND_CONTRACT,
            Permission.WITHDRAW_CONTRACT,
            Permission.MANAGE_PEOPLE,
        }
    ),
}
