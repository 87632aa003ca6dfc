"""A person's own certificate with its PIN, which also proves will (E6, B6).

Revision: 0016
Follows: 0015
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | Sequence[str] | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CODES = (
    "login", "registration", "password_reset", "password", "security_key", "verification", "intent", "old_phone",
    "new_phone",
)  # fmt: skip
FACES = ("real_name", "intent", "login", "download", "seal_authorisation", "hand_over", "phone_change")
TEXTS = ("user_agreement", "privacy_policy", "verification_consent", "face_consent", "esign_consent")


def upgrade() -> None:
    op.create_table(
        "personal_certificate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("pin_hash", sa.String(length=200), nullable=False),
        sa.Column("pin_set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=True),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_personal_certificate_certificate_id_certificate")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_certificate")),
        sa.UniqueConstraint("person_id", name=op.f("uq_personal_certificate_person_id")),
    )
    op.add_column("certificate", sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True))
    _allow("intent_challenge", "method", ("sms", "face", "pin"))
    _allow("one_time_code", "purpose", (*CODES, "certificate"))
    _allow("face_check", "purpose", (*FACES, "certificate"))
    _allow("consent", "kind", (*TEXTS, "certificate_agreement"))


def downgrade() -> None:
    """Fails, and changes nothing, while there is a face check or a proof of will that the older schema can't hold."""
    op.execute("DELETE FROM one_time_code WHERE purpose = 'certificate'")
    op.execute("DELETE FROM consent WHERE kind = 'certificate_agreement'")
    _allow("consent", "kind", TEXTS)
    _allow("face_check", "purpose", FACES)
    _allow("one_time_code", "purpose", CODES)
    _allow("intent_challenge", "method", ("sms", "face"))
    op.drop_column("certificate", "revoked_at")
    op.drop_table("personal_certificate")


def _allow(table_name: str, column: str, values: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{value}'" for value in values)
    name = op.f(f"ck_{table_name}_{column}")
    with op.batch_alter_table(table_name) as table:
        table.drop_constraint(name, type_="check")
        table.create_check_constraint(name, f"{column} IN ({listed})")
