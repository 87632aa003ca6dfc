"""A check before a contract opens (B6).

Revision: 0020
Follows: 0019
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | Sequence[str] | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

PURPOSES = {
    "face_check": (
        "real_name", "intent", "login", "download", "seal_authorisation", "hand_over", "phone_change", "certificate",
    ),
    "intent_challenge": ("sign", "seal", "download"),
}  # fmt: skip


def upgrade() -> None:
    with op.batch_alter_table("contract") as table:
        table.add_column(sa.Column("open_check", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("contract") as table:
        table.alter_column("open_check", existing_type=sa.Boolean(), server_default=None)
    _allow("open")


def downgrade() -> None:
    op.execute("DELETE FROM face_check WHERE purpose = 'open'")
    op.execute("DELETE FROM intent_challenge WHERE purpose = 'open'")
    _allow()
    with op.batch_alter_table("contract") as table:
        table.drop_column("open_check")


def _allow(*more: str) -> None:
    for name, purposes in PURPOSES.items():
        listed = ", ".join(f"'{purpose}'" for purpose in (*purposes, *more))
        with op.batch_alter_table(name) as table:
            table.drop_constraint(op.f(f"ck_{name}_purpose"), type_="check")
            table.create_check_constraint(op.f(f"ck_{name}_purpose"), f"purpose IN ({listed})")
