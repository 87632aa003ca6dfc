"""What an SMS is about, so that one can see how it arrived (G6, H6).

Revision: 0012
Follows: 0011
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | Sequence[str] | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("sms_message", sa.Column("subject", sa.String(length=80), nullable=True))
    op.create_index("ix_sms_message_subject", "sms_message", ["subject", "created_at"])


def downgrade() -> None:
    op.drop_index("ix_sms_message_subject", table_name="sms_message")
    op.drop_column("sms_message", "subject")
