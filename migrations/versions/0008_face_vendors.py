"""More vendors, documents, methods and purposes of face checks (B2-B4, B7, A3).

Revision: 0008
Follows: 0007
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision: str = "0008"
down_revision: str | Sequence[str] | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

METHODS = ("phone", "face")
NEW_METHODS = ("phone", "bank", "face", "manual")
ID_TYPES = ("resident_id",)
NEW_ID_TYPES = ("resident_id", "hk_macao_permit", "taiwan_permit", "passport", "foreign_permanent_resident_id")
PURPOSES = ("real_name", "intent")
NEW_PURPOSES = ("real_name", "intent", "login", "download", "seal_authorisation", "hand_over")


def upgrade() -> None:
    with op.batch_alter_table("face_check") as table:
        table.add_column(sa.Column("vendor", sa.String(length=20), nullable=True))
        table.add_column(sa.Column("name_ciphertext", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("id_number_ciphertext", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("openid_ciphertext", sa.LargeBinary(), nullable=True))
        table.alter_column("purpose", existing_type=sa.String(length=10), type_=sa.String(length=20))
        table.alter_column("provider_ref", existing_type=sa.String(length=120), type_=sa.String(length=256))
        _allow(table, "face_check", "purpose", NEW_PURPOSES)
    with op.batch_alter_table("person") as table:
        table.alter_column("id_type", existing_type=sa.String(length=20), type_=sa.String(length=30))
        _allow(table, "person", "id_type", NEW_ID_TYPES)
        _allow(table, "person", "method", NEW_METHODS)
    with op.batch_alter_table("verification") as table:
        _allow(table, "verification", "method", NEW_METHODS)


def downgrade() -> None:
    """Fails, and changes nothing, while there is somebody whom the older schema can't hold."""
    with op.batch_alter_table("verification") as table:
        _allow(table, "verification", "method", METHODS)
    with op.batch_alter_table("person") as table:
        _allow(table, "person", "method", METHODS)
        _allow(table, "person", "id_type", ID_TYPES)
        table.alter_column("id_type", existing_type=sa.String(length=30), type_=sa.String(length=20))
    with op.batch_alter_table("face_check") as table:
        _allow(table, "face_check", "purpose", PURPOSES)
        table.alter_column("provider_ref", existing_type=sa.String(length=256), type_=sa.String(length=120))
        table.alter_column("purpose", existing_type=sa.String(length=20), type_=sa.String(length=10))
        table.drop_column("openid_ciphertext")
        table.drop_column("id_number_ciphertext")
        table.drop_column("name_ciphertext")
        table.drop_column("vendor")


def _allow(table: BatchOperations, name: str, column: str, values: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{value}'" for value in values)
    table.drop_constraint(op.f(f"ck_{name}_{column}"), type_="check")
    table.create_check_constraint(op.f(f"ck_{name}_{column}"), f"{column} IN ({listed})")
