"""Departments, and in which one an employee is (D1, K5).

Revision: 0022
Follows: 0021
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0022"
down_revision: str | Sequence[str] | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TOP = sa.text("parent_id IS NULL")


def upgrade() -> None:
    op.create_table(
        "department",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_department_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["department.id"], name=op.f("fk_department_parent_id_department")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department")),
    )
    op.create_index("uq_department_name", "department", ["parent_id", "name"], unique=True)
    op.create_index(
        "uq_department_top_name",
        "department",
        ["organisation_id", "name"],
        unique=True,
        sqlite_where=_TOP,
        postgresql_where=_TOP,
    )
    op.create_index("ix_department_tree", "department", ["organisation_id", "parent_id", "position"])
    with op.batch_alter_table("onboarding") as table:
        table.add_column(sa.Column("department_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(
            op.f("fk_onboarding_department_id_department"), "department", ["department_id"], ["id"]
        )
        table.create_index("ix_onboarding_department", ["department_id"])


def downgrade() -> None:
    with op.batch_alter_table("onboarding") as table:
        table.drop_index("ix_onboarding_department")
        table.drop_constraint(op.f("fk_onboarding_department_id_department"), type_="foreignkey")
        table.drop_column("department_id")
    op.drop_table("department")
