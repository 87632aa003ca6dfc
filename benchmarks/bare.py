"""The bare engine that the contract page is compared with: Flask, SQLAlchemy, one read by primary key, JSON."""

import os
import uuid

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import String, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

engine = create_engine(os.environ["BARE_DATABASE_URL"])
app = Flask("bare")


class Base(DeclarativeBase):
    pass


class Contract(Base):
    """The product's own table, as far as the answer shows it."""

    __tablename__ = "contract"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String)
    title: Mapped[str] = mapped_column(String)
    status: Mapped[str] = mapped_column(String)


@app.get("/contracts/<uuid:contract_id>")
def show(contract_id: uuid.UUID) -> ResponseReturnValue:
    with Session(engine) as session:
        contract = session.get_one(Contract, contract_id)
        return jsonify(id=contract.id, number=contract.number, title=contract.title, status=contract.status)
