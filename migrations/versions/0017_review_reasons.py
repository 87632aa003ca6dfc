"""Reviewers' own words are encrypted (B4). Those of before are in the applicants' messages, and go here.

Revision: 0017
Follows: 0016
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | Sequence[str] | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("verification") as table:
        table.add_column(sa.Column("review_reason_ciphertext", sa.LargeBinary(), nullable=True))
        table.drop_column("review_reason")


def downgrade() -> None:
    with op.batch_alter_table("verification") as table:
        table.add_column(sa.Column("review_reason", sa.String(length=200), nullable=True))
        table.drop_column("review_reason_ciphertext")
