"""Authorisation letters of legal representatives (C2).

Revision: 0018
Follows: 0017
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | Sequence[str] | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_OPEN = sa.text("status IN ('waiting', 'sealing')")


def upgrade() -> None:
    with op.batch_alter_table("organisation") as table:
        table.add_column(sa.Column("legal_representative_id_type", sa.String(length=30), nullable=True))
        table.add_column(sa.Column("authorisation_id", sa.Uuid(), nullable=True))
    op.execute(
        "UPDATE organisation SET legal_representative_id_type = 'resident_id' "
        "WHERE legal_representative_id_ciphertext IS NOT NULL"
    )
    with op.batch_alter_table("sms_link") as table:
        table.drop_constraint(op.f("ck_sms_link_purpose"), type_="check")
        table.create_check_constraint(
            op.f("ck_sms_link_purpose"), "purpose IN ('contract', 'onboarding', 'authorisation')"
        )
    op.create_table(
        "authorisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("organisation_name", sa.String(length=100), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("representative_ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("representative_id_type", sa.String(length=30), nullable=False),
        sa.Column("representative_id_ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("representative_index", sa.String(length=64), nullable=False),
        sa.Column("phone_ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.String(length=64), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("picture_sha256", sa.String(length=64), nullable=False),
        sa.Column("place_top", sa.Float(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason_ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("intent_id", sa.Uuid(), nullable=True),
        sa.Column("personal_signature_id", sa.Uuid(), nullable=True),
        sa.Column("acted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision_sha256", sa.String(length=64), nullable=True),
        sa.Column("signed_picture_sha256", sa.String(length=64), nullable=True),
        sa.Column("certificate_id", sa.Uuid(), nullable=True),
        sa.Column("certificate_fingerprint", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "status IN ('waiting', 'sealing', 'signed', 'refused', 'withdrawn', 'expired', 'void')",
            name=op.f("ck_authorisation_status"),
        ),
        sa.CheckConstraint(
            "representative_id_type IN ('resident_id', 'hk_macao_permit', 'taiwan_permit', 'passport', 'foreign_permanent_resident_id')",
            name=op.f("ck_authorisation_representative_id_type"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_authorisation_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["operator_account.id"], name=op.f("fk_authorisation_created_by_operator_account")
        ),
        sa.ForeignKeyConstraint(
            ["check_id"], ["organisation_check.id"], name=op.f("fk_authorisation_check_id_organisation_check")
        ),
        sa.ForeignKeyConstraint(
            ["intent_id"], ["intent_challenge.id"], name=op.f("fk_authorisation_intent_id_intent_challenge")
        ),
        sa.ForeignKeyConstraint(
            ["personal_signature_id"],
            ["personal_signature.id"],
            name=op.f("fk_authorisation_personal_signature_id_personal_signature"),
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_authorisation_certificate_id_certificate")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorisation")),
        sa.UniqueConstraint("number", name=op.f("uq_authorisation_number")),
        sa.UniqueConstraint("intent_id", name=op.f("uq_authorisation_intent_id")),
    )
    op.create_index("ix_authorisation_organisation", "authorisation", ["organisation_id", "created_at"])
    op.create_index("ix_authorisation_phone", "authorisation", ["phone_index"])
    op.create_index("ix_authorisation_representative", "authorisation", ["representative_index"])
    op.create_index(
        "uq_authorisation_open",
        "authorisation",
        ["organisation_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def downgrade() -> None:
    op.drop_table("authorisation")
    op.execute("DELETE FROM sms_link WHERE purpose = 'authorisation'")
    with op.batch_alter_table("sms_link") as table:
        table.drop_constraint(op.f("ck_sms_link_purpose"), type_="check")
        table.create_check_constraint(op.f("ck_sms_link_purpose"), "purpose IN ('contract', 'onboarding')")
    with op.batch_alter_table("organisation") as table:
        table.drop_column("authorisation_id")
        table.drop_column("legal_representative_id_type")
