"""The kinds of contracts are a closed list (G2, H8).

Revision: 0021
Follows: 0020
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0021"
down_revision: str | Sequence[str] | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KINDS = ("labour_contract", "renewal", "supplement", "termination", "other")


def upgrade() -> None:
    listed = ", ".join(f"'{kind}'" for kind in KINDS)
    with op.batch_alter_table("contract") as table:
        table.create_check_constraint(op.f("ck_contract_kind"), f"kind IN ({listed})")


def downgrade() -> None:
    with op.batch_alter_table("contract") as table:
        table.drop_constraint(op.f("ck_contract_kind"), type_="check")
