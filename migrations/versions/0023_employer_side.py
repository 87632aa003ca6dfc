"""The operator and the seal of the employer are chosen in the draft (G3).

Revision: 0023
Follows: 0022
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | Sequence[str] | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Whoever made a contract was the only one who was told: they seal it where they may, else who joined first. What has
# an end is left alone: nobody had chosen, and who sealed is in the act.
_MAKERS = """
UPDATE party SET operator_id = (
  SELECT member.operator_account_id FROM contract JOIN member ON member.organisation_id = contract.organisation_id
  WHERE contract.id = party.contract_id AND member.role = 'super_administrator' AND member.removed_at IS NULL
  ORDER BY CASE WHEN member.operator_account_id = contract.created_by THEN 0 ELSE 1 END, member.joined_at, member.id
  LIMIT 1
)
WHERE kind = 'organisation' AND contract_id IN (
  SELECT contract.id FROM contract WHERE contract.status IN ('draft', 'confirming', 'signing')
)
"""


def upgrade() -> None:
    with op.batch_alter_table("party") as table:
        table.add_column(sa.Column("operator_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("seal_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(
            op.f("fk_party_operator_id_operator_account"), "operator_account", ["operator_id"], ["id"]
        )
        table.create_foreign_key(op.f("fk_party_seal_id_seal"), "seal", ["seal_id"], ["id"])
    op.execute(_MAKERS)


def downgrade() -> None:
    with op.batch_alter_table("party") as table:
        table.drop_constraint(op.f("fk_party_seal_id_seal"), type_="foreignkey")
        table.drop_constraint(op.f("fk_party_operator_id_operator_account"), type_="foreignkey")
        table.drop_column("seal_id")
        table.drop_column("operator_id")
