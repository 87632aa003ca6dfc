"""A face check that another device takes over; the budget of logins by face (A3, B3).

Revision: 0019
Follows: 0018
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | Sequence[str] | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_COLUMNS = (("taken_by", 64), ("title", 50), ("ip", 45), ("device", 200))


def upgrade() -> None:
    with op.batch_alter_table("face_check") as table:
        for name, length in _COLUMNS:
            table.add_column(sa.Column(name, sa.String(length), nullable=True))
    op.create_index("ix_face_login_created", "face_login", ["created_at"])


def downgrade() -> None:
    op.drop_index("ix_face_login_created", "face_login")
    with op.batch_alter_table("face_check") as table:
        for name, _ in reversed(_COLUMNS):
            table.drop_column(name)
