"""The schema on both databases: equal to the models, and removable."""

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from app.contracts.models import PartyKind
from app.contracts.queries import get_contract
from app.contracts.service.sending import list_problems
from app.core import db
from app.core.db import transaction
from app.identity.persons import get_profile
from app.organisations.models import Role
from tests.contracts.conftest import one_page_pdf, parse_in_this_process
from tests.contracts.world import World, world
from tests.factories import colleague_of, employer_with_seal, verified_worker
from tests.support.database import Database, alembic_config

__all__ = ["one_page_pdf", "parse_in_this_process", "world"]


def test_migrations_make_what_the_models_say(database: Database) -> None:
    with db.engine().connect() as connection:
        command.check(alembic_config(connection))


def test_every_migration_can_be_undone_and_done_again(database: Database) -> None:
    with db.engine().connect() as connection:
        before = sorted(inspect(connection).get_table_names())
        connection.commit()
        command.downgrade(alembic_config(connection), "base")
        connection.commit()
        assert inspect(connection).get_table_names() == ["alembic_version"]
        connection.commit()
        command.upgrade(alembic_config(connection), "head")
        connection.commit()
        assert sorted(inspect(connection).get_table_names()) == before


def test_contracts_under_way_are_given_an_operator_and_keep_their_places(database: Database, world: World) -> None:
    employer = employer_with_seal()
    clerk, worker = colleague_of(employer, "赵敏"), verified_worker()
    done = world.complete(employer, worker, world.draft(employer, worker))
    chief = colleague_of(employer, "周总", Role.SUPER_ADMINISTRATOR)
    drafts = [world.draft(maker, verified_worker()) for maker in (chief, clerk)]
    with db.engine().connect() as connection:
        command.downgrade(alembic_config(connection), "0022")
        command.upgrade(alembic_config(connection), "head")
        connection.commit()
    found = [get_contract(actor=employer.actor, contract_id=one.id) for one in (*drafts, done)]
    operators = [one.party_of_kind(PartyKind.ORGANISATION).operator_id for one in found]
    assert operators == [chief.actor.account_id, employer.actor.account_id, None]
    assert [len(one.places) for one in found] == [2, 2, 2]
    assert list_problems(actor=employer.actor, contract=found[0]) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_connection_that_somebody_uses_is_refused(database: Database) -> None:
    """References would be checked while tables are made anew, and rows that refer to them deleted."""
    with db.engine().connect() as connection:
        connection.execute(text("SELECT 1 FROM contract"))
        with pytest.raises(RuntimeError, match="nobody uses"):
            command.downgrade(alembic_config(connection), "0022")


def test_tables_are_rebuilt_under_the_rows_that_refer_to_them(database: Database) -> None:
    worker = verified_worker()
    with db.engine().connect() as connection:
        command.downgrade(alembic_config(connection), "0007")
        command.upgrade(alembic_config(connection), "head")
    assert get_profile(actor=worker.actor).person is not None
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(text("DELETE FROM person"))
