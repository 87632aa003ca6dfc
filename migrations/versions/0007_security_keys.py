"""Security keys of operators and regulators (A10).

Revision: 0007
Follows: 0006
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | Sequence[str] | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

PURPOSES = (
    "login", "registration", "password_reset", "password", "verification", "intent", "old_phone", "new_phone",
)  # fmt: skip
NEW_PURPOSES = (*PURPOSES, "security_key")
KINDS = "account_kind IN ('operator', 'regulator')"


def upgrade() -> None:
    op.create_table(
        "security_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_kind", sa.String(length=10), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(KINDS, name=op.f("ck_security_key_account_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_key")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_security_key_credential_id")),
    )
    op.create_index("ix_security_key_account", "security_key", ["account_kind", "account_id"])
    op.create_table(
        "security_key_ceremony",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("account_kind", sa.String(length=10), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('registration', 'login', 'proof')", name=op.f("ck_security_key_ceremony_purpose")
        ),
        sa.CheckConstraint(KINDS, name=op.f("ck_security_key_ceremony_account_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_key_ceremony")),
    )
    op.create_index("ix_security_key_ceremony_expires", "security_key_ceremony", ["expires_at"])
    _allow(NEW_PURPOSES)


def downgrade() -> None:
    op.execute("DELETE FROM one_time_code WHERE purpose = 'security_key'")
    _allow(PURPOSES)
    op.drop_table("security_key_ceremony")
    op.drop_table("security_key")


def _allow(purposes: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{purpose}'" for purpose in purposes)
    with op.batch_alter_table("one_time_code") as table:
        table.drop_constraint(op.f("ck_one_time_code_purpose"), type_="check")
        table.create_check_constraint(op.f("ck_one_time_code_purpose"), f"purpose IN ({listed})")
