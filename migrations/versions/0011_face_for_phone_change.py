"""A face check may prove whose phone is changed (A1).

Revision: 0011
Follows: 0010
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0011"
down_revision: str | Sequence[str] | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

PURPOSES = ("real_name", "intent", "login", "download", "seal_authorisation", "hand_over")
NEW_PURPOSES = (*PURPOSES, "phone_change")


def upgrade() -> None:
    _allow(NEW_PURPOSES)


def downgrade() -> None:
    """Fails, and changes nothing, while there is a check that the older schema can't hold."""
    _allow(PURPOSES)


def _allow(purposes: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{purpose}'" for purpose in purposes)
    with op.batch_alter_table("face_check") as table:
        table.drop_constraint(op.f("ck_face_check_purpose"), type_="check")
        table.create_check_constraint(op.f("ck_face_check_purpose"), f"purpose IN ({listed})")
