"""Proofs by code before a download (B7).

Revision: 0013
Follows: 0012
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | Sequence[str] | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("intent_challenge") as table:
        table.add_column(sa.Column("used_in", sa.Uuid(), nullable=True))
        table.drop_constraint(op.f("ck_intent_challenge_purpose"), type_="check")
        table.create_check_constraint(op.f("ck_intent_challenge_purpose"), "purpose IN ('sign', 'seal', 'download')")


def downgrade() -> None:
    op.execute("DELETE FROM intent_challenge WHERE purpose = 'download'")
    with op.batch_alter_table("intent_challenge") as table:
        table.drop_constraint(op.f("ck_intent_challenge_purpose"), type_="check")
        table.create_check_constraint(op.f("ck_intent_challenge_purpose"), "purpose IN ('sign', 'seal')")
        table.drop_column("used_in")
