"""Copy recipients of a contract (G3).

Revision: 0002
Follows: 0001
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | Sequence[str] | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "copy_recipient",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("name_ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("phone_ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_copy_recipient_contract_id_contract"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copy_recipient")),
        sa.UniqueConstraint("contract_id", "phone_index", name=op.f("uq_copy_recipient_contract_id_phone_index")),
    )
    op.create_index("ix_copy_recipient_phone", "copy_recipient", ["phone_index"])


def downgrade() -> None:
    op.drop_index("ix_copy_recipient_phone", table_name="copy_recipient")
    op.drop_table("copy_recipient")
