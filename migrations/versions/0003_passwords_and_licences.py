"""Passwords beside login by code (A2), and the picture of the business licence (C1).

Revision: 0003
Follows: 0002
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | Sequence[str] | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

PURPOSES = ("login", "registration", "verification", "intent")
NEW_PURPOSES = ("login", "registration", "password_reset", "password", "verification", "intent")


def upgrade() -> None:
    op.create_table(
        "account_password",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_kind", sa.String(length=10), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("account_kind IN ('worker', 'operator')", name=op.f("ck_account_password_account_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_password")),
        sa.UniqueConstraint("account_kind", "account_id", name=op.f("uq_account_password_account_kind_account_id")),
    )
    op.create_table(
        "password_guard",
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_password_guard")),
    )
    op.add_column("organisation", sa.Column("licence_sha256", sa.String(length=64), nullable=True))
    op.add_column("organisation", sa.Column("licence_media_type", sa.String(length=20), nullable=True))
    op.add_column("organisation_check", sa.Column("licence_sha256", sa.String(length=64), nullable=True))
    _allow(NEW_PURPOSES)


def downgrade() -> None:
    op.execute("DELETE FROM one_time_code WHERE purpose IN ('password_reset', 'password')")
    _allow(PURPOSES)
    op.drop_column("organisation_check", "licence_sha256")
    op.drop_column("organisation", "licence_media_type")
    op.drop_column("organisation", "licence_sha256")
    op.drop_table("password_guard")
    op.drop_table("account_password")


def _allow(purposes: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{purpose}'" for purpose in purposes)
    with op.batch_alter_table("one_time_code") as table:
        table.drop_constraint(op.f("ck_one_time_code_purpose"), type_="check")
        table.create_check_constraint(op.f("ck_one_time_code_purpose"), f"purpose IN ({listed})")
