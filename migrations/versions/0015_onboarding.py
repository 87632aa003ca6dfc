"""Onboardings, and the links that lead to them (A7, K2-K4).

Revision: 0015
Follows: 0014
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | Sequence[str] | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


PURPOSES = ("contract",)
NEW_PURPOSES = (*PURPOSES, "onboarding")
OPEN = sa.text("status IN ('invited', 'filling', 'reviewing', 'rejected')")


def upgrade() -> None:
    _allow(NEW_PURPOSES)
    op.create_table(
        "onboarding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("name_ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("name_index", sa.String(length=64), nullable=True),
        sa.Column("phone_ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.String(length=64), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("draft_ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("form_ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("form_version", sa.Integer(), nullable=False),
        sa.Column("reason_ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("notice_version", sa.String(length=20), nullable=True),
        sa.Column("notice_sha256", sa.String(length=64), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wiped_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('invited', 'filling', 'reviewing', 'rejected', 'accepted', 'withdrawn', 'declined', 'expired')",
            name=op.f("ck_onboarding_status"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["operator_account.id"], name=op.f("fk_onboarding_created_by_operator_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_onboarding_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_onboarding_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onboarding")),
    )
    with op.batch_alter_table("onboarding") as table:
        table.create_index("ix_onboarding_list", ["organisation_id", "updated_at", "id"], unique=False)
        table.create_index("ix_onboarding_person", ["person_id"], unique=False)
        table.create_index("ix_onboarding_phone", ["phone_index"], unique=False)
        table.create_index("ix_onboarding_wipe", ["status", "ended_at"], unique=False)
        table.create_index(
            "uq_onboarding_open",
            ["organisation_id", "phone_index"],
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        )

    op.create_table(
        "onboarding_correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("onboarding_id", sa.Uuid(), nullable=False),
        sa.Column("operator_account_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=30), nullable=False),
        sa.Column("before_ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("after_ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["onboarding_id"],
            ["onboarding.id"],
            name=op.f("fk_onboarding_correction_onboarding_id_onboarding"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["operator_account_id"],
            ["operator_account.id"],
            name=op.f("fk_onboarding_correction_operator_account_id_operator_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onboarding_correction")),
    )
    with op.batch_alter_table("onboarding_correction") as table:
        table.create_index(table.f("ix_onboarding_correction_onboarding_id"), ["onboarding_id"], unique=False)


def downgrade() -> None:
    op.drop_table("onboarding_correction")
    op.drop_table("onboarding")
    op.execute("DELETE FROM sms_link WHERE purpose = 'onboarding'")
    _allow(PURPOSES)


def _allow(purposes: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{purpose}'" for purpose in purposes)
    with op.batch_alter_table("sms_link") as table:
        table.drop_constraint(op.f("ck_sms_link_purpose"), type_="check")
        table.create_check_constraint(op.f("ck_sms_link_purpose"), f"purpose IN ({listed})")
