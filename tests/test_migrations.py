"""The schema on both databases: equal to the models, and removable."""

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from app.core import db
from app.core.db import transaction
from app.identity.persons import get_profile
from tests.factories import verified_worker
from tests.support.database import Database, alembic_config


def test_migrations_make_what_the_models_say(database: Database) -> None:
    with db.engine().connect() as connection:
        command.check(alembic_config(connection))


def test_every_migration_can_be_undone_and_done_again(database: Database) -> None:
    with db.engine().connect() as connection:
        before = sorted(inspect(connection).get_table_names())
        command.downgrade(alembic_config(connection), "base")
        connection.commit()
        assert inspect(connection).get_table_names() == ["alembic_version"]
        command.upgrade(alembic_config(connection), "head")
        connection.commit()
        assert sorted(inspect(connection).get_table_names()) == before


def test_tables_are_rebuilt_under_the_rows_that_refer_to_them(database: Database) -> None:
    worker = verified_worker()
    with db.engine().connect() as connection:
        command.downgrade(alembic_config(connection), "0007")
        command.upgrade(alembic_config(connection), "head")
    assert get_profile(actor=worker.actor).person is not None
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(text("DELETE FROM person"))
