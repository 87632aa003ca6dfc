"""The schema on both databases: equal to the models, and removable."""

from alembic import command
from sqlalchemy import inspect

from app.core import db
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
