"""Accounts of the regulator's desk (B4).

Revision: 0005
Follows: 0004
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | Sequence[str] | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KINDS = ("worker", "operator")


def upgrade() -> None:
    op.create_table(
        "regulator_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("phone_ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.String(length=64), nullable=False),
        sa.Column("name_ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("language IN ('zh-CN', 'en')", name=op.f("ck_regulator_account_language")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regulator_account")),
        sa.UniqueConstraint("phone_index", name=op.f("uq_regulator_account_phone_index")),
    )
    _allow((*KINDS, "regulator"))


def downgrade() -> None:
    op.execute("DELETE FROM account_session WHERE account_kind = 'regulator'")
    _allow(KINDS)
    op.drop_table("regulator_account")


def _allow(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("account_session") as table:
        table.drop_constraint(op.f("ck_account_session_account_kind"), type_="check")
        table.create_check_constraint(op.f("ck_account_session_account_kind"), f"account_kind IN ({listed})")
