"""Logins over two screens, bindings, messages in mini-programs, former phones (A4-A6).

Revision: 0006
Follows: 0005
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | Sequence[str] | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

PURPOSES = ("login", "registration", "password_reset", "password", "verification", "intent")
NEW_PURPOSES = (*PURPOSES, "old_phone", "new_phone")


def upgrade() -> None:
    op.create_table(
        "account_binding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("app_id", sa.String(length=64), nullable=False),
        sa.Column("subject_index", sa.String(length=64), nullable=False),
        sa.Column("subject_ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('weixin', 'alipay', 'gov', 'social_card')", name=op.f("ck_account_binding_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_binding")),
    )
    with op.batch_alter_table("account_binding", schema=None) as batch_op:
        batch_op.create_index(
            "uq_account_binding_account",
            ["account_id", "kind", "app_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index(
            "uq_account_binding_subject",
            ["kind", "app_id", "subject_index"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "external_login",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("app_id", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("ticket_hash", sa.String(length=64), nullable=True),
        sa.Column("state_hash", sa.String(length=64), nullable=True),
        sa.Column("browser_hash", sa.String(length=64), nullable=True),
        sa.Column("confirm_hash", sa.String(length=64), nullable=True),
        sa.Column("nonce_ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("verifier_ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("subject_index", sa.String(length=64), nullable=True),
        sa.Column("subject_ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("phone_ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("ip", sa.String(length=45), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('weixin', 'alipay', 'gov', 'social_card')", name=op.f("ck_external_login_kind")),
        sa.CheckConstraint(
            "status IN ('waiting', 'exchanging', 'asking', 'proven', 'refused', 'used')",
            name=op.f("ck_external_login_status"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_login")),
        sa.UniqueConstraint("confirm_hash", name=op.f("uq_external_login_confirm_hash")),
        sa.UniqueConstraint("state_hash", name=op.f("uq_external_login_state_hash")),
        sa.UniqueConstraint("ticket_hash", name=op.f("uq_external_login_ticket_hash")),
    )
    with op.batch_alter_table("external_login", schema=None) as batch_op:
        batch_op.create_index("ix_external_login_ip", ["ip", "created_at"], unique=False)

    op.create_table(
        "former_phone",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("phone_index", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_phone")),
        sa.UniqueConstraint(
            "account_id", "phone_index", "until", name=op.f("uq_former_phone_account_id_phone_index_until")
        ),
    )
    with op.batch_alter_table("former_phone", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_phone_phone_index"), ["phone_index"], unique=False)

    op.create_table(
        "message_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("binding_id", sa.Uuid(), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.Column("lasting", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_grant")),
        sa.UniqueConstraint("binding_id", "template", name=op.f("uq_message_grant_binding_id_template")),
    )
    op.create_table(
        "mini_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("binding_id", sa.Uuid(), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("subject_ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("data_ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("page", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('queued', 'sent', 'unknown', 'failed')", name=op.f("ck_mini_message_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mini_message")),
    )
    with op.batch_alter_table("mini_message", schema=None) as batch_op:
        batch_op.create_index("ix_mini_message_binding", ["binding_id", "status"], unique=False)

    op.create_table(
        "qr_login",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_kind", sa.String(length=10), nullable=False),
        sa.Column("ticket_hash", sa.String(length=64), nullable=False),
        sa.Column("scan_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("ip", sa.String(length=45), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("scanned_in", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("account_kind IN ('worker', 'operator')", name=op.f("ck_qr_login_account_kind")),
        sa.CheckConstraint(
            "status IN ('waiting', 'scanned', 'confirmed', 'refused', 'used')", name=op.f("ck_qr_login_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qr_login")),
        sa.UniqueConstraint("scan_hash", name=op.f("uq_qr_login_scan_hash")),
        sa.UniqueConstraint("ticket_hash", name=op.f("uq_qr_login_ticket_hash")),
    )
    with op.batch_alter_table("qr_login", schema=None) as batch_op:
        batch_op.create_index("ix_qr_login_ip", ["ip", "created_at"], unique=False)

    with op.batch_alter_table("worker_account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    _allow(NEW_PURPOSES)


def downgrade() -> None:
    op.execute("DELETE FROM one_time_code WHERE purpose IN ('old_phone', 'new_phone')")
    _allow(PURPOSES)
    with op.batch_alter_table("worker_account", schema=None) as batch_op:
        batch_op.drop_column("closed_at")

    with op.batch_alter_table("qr_login", schema=None) as batch_op:
        batch_op.drop_index("ix_qr_login_ip")

    op.drop_table("qr_login")
    with op.batch_alter_table("mini_message", schema=None) as batch_op:
        batch_op.drop_index("ix_mini_message_binding")

    op.drop_table("mini_message")
    op.drop_table("message_grant")
    with op.batch_alter_table("former_phone", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_former_phone_phone_index"))

    op.drop_table("former_phone")
    with op.batch_alter_table("external_login", schema=None) as batch_op:
        batch_op.drop_index("ix_external_login_ip")

    op.drop_table("external_login")
    with op.batch_alter_table("account_binding", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_account_binding_subject",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(
            "uq_account_binding_account",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.drop_table("account_binding")


def _allow(purposes: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{purpose}'" for purpose in purposes)
    with op.batch_alter_table("one_time_code") as table:
        table.drop_constraint(op.f("ck_one_time_code_purpose"), type_="check")
        table.create_check_constraint(op.f("ck_one_time_code_purpose"), f"purpose IN ({listed})")
