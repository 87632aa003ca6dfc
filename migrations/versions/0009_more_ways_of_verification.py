"""Bank card, manual review, face checks without an account or on another device, login by face (A3, B2-B4, B7).

Revision: 0009
Follows: 0008
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | Sequence[str] | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

STATUSES = ("checking", "code_sent", "waiting", "verified", "failed", "cancelled", "expired")
NEW_STATUSES = ("checking", "code_sent", "waiting", "reviewing", "verified", "failed", "cancelled", "expired")
ID_TYPES = ("resident_id", "hk_macao_permit", "taiwan_permit", "passport", "foreign_permanent_resident_id")


def upgrade() -> None:
    with op.batch_alter_table("verification") as table:
        table.add_column(sa.Column("id_type", sa.String(length=30), nullable=False, server_default="resident_id"))
        table.add_column(sa.Column("bank_phone_ciphertext", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("nationality", sa.String(length=3), nullable=True))
        table.add_column(sa.Column("reviewer_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("review_reason", sa.String(length=200), nullable=True))
        table.drop_constraint(op.f("ck_verification_status"), type_="check")
        table.create_check_constraint(op.f("ck_verification_status"), _listed("status", NEW_STATUSES))
        table.create_check_constraint(op.f("ck_verification_id_type"), _listed("id_type", ID_TYPES))
    with op.batch_alter_table("verification") as table:
        table.alter_column("id_type", existing_type=sa.String(length=30), server_default=None)
        table.create_index("ix_verification_review", ["method", "status", "created_at"])
    with op.batch_alter_table("face_check") as table:
        table.alter_column("account_id", existing_type=sa.Uuid(), nullable=True)
        table.add_column(sa.Column("app_call_ciphertext", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("elsewhere", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("used_in", sa.Uuid(), nullable=True))
    with op.batch_alter_table("face_check") as table:
        table.alter_column("elsewhere", existing_type=sa.Boolean(), server_default=None)
    _create_document()
    _create_login()


def _create_document() -> None:
    op.create_table(
        "verification_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_kind", sa.String(length=10), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("verification_id", sa.Uuid(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "account_kind IN ('worker', 'operator')", name=op.f("ck_verification_document_account_kind")
        ),
        sa.ForeignKeyConstraint(
            ["verification_id"], ["verification.id"],
            name=op.f("fk_verification_document_verification_id_verification"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_document")),
    )  # fmt: skip
    op.create_index(
        "ix_verification_document_account", "verification_document", ["account_kind", "account_id", "created_at"]
    )
    op.create_index(op.f("ix_verification_document_verification_id"), "verification_document", ["verification_id"])


def _create_login() -> None:
    op.create_table(
        "face_login",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_hash", sa.String(length=64), nullable=False),
        sa.Column("face_check_id", sa.Uuid(), nullable=False),
        sa.Column("claim", sa.String(length=64), nullable=False),
        sa.Column("agreed", sa.JSON(), nullable=False),
        sa.Column("ip", sa.String(length=45), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["face_check_id"], ["face_check.id"], name=op.f("fk_face_login_face_check_id_face_check")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_face_login")),
        sa.UniqueConstraint("ticket_hash", name=op.f("uq_face_login_ticket_hash")),
    )
    op.create_index("ix_face_login_ip", "face_login", ["ip", "created_at"])
    op.create_index("ix_face_login_claim", "face_login", ["claim", "created_at"])


def downgrade() -> None:
    """Fails, and changes nothing, while there is something that the older schema can't hold."""
    op.drop_table("face_login")
    op.drop_table("verification_document")
    op.execute("DELETE FROM face_check WHERE account_id IS NULL")
    with op.batch_alter_table("face_check") as table:
        table.drop_column("used_in")
        table.drop_column("elsewhere")
        table.drop_column("app_call_ciphertext")
        table.alter_column("account_id", existing_type=sa.Uuid(), nullable=False)
    with op.batch_alter_table("verification") as table:
        table.drop_index("ix_verification_review")
        table.drop_constraint(op.f("ck_verification_id_type"), type_="check")
        table.drop_constraint(op.f("ck_verification_status"), type_="check")
        table.create_check_constraint(op.f("ck_verification_status"), _listed("status", STATUSES))
        for name in ("review_reason", "reviewer_id", "nationality", "bank_phone_ciphertext", "id_type"):
            table.drop_column(name)


def _listed(column: str, values: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"
