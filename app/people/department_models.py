"""Departments of an organisation: a tree, each row naming the one above it (D1)."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.ids import new_id

_TOP = text("parent_id IS NULL")


class Department(Base):
    """`position`: the order among those with the same parent. Every change holds the lock of the organisation's row."""

    __tablename__ = "department"
    __table_args__ = (
        Index("uq_department_name", "parent_id", "name", unique=True),
        Index(
            "uq_department_top_name", "organisation_id", "name", unique=True, sqlite_where=_TOP, postgresql_where=_TOP
        ),
        Index("ix_department_tree", "organisation_id", "parent_id", "position"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("department.id"))
    name: Mapped[str] = mapped_column(String(50))
    position: Mapped[int]
    created_at: Mapped[datetime]
