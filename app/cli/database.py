"""The database's schema."""

from alembic import command
from alembic.config import Config

from app.core.db import engine
from app.http.health import MIGRATIONS, migration_head
from app.settings import Settings


def migrate(_settings: Settings) -> int:
    """Bring the database to the newest revision; harmless when it is there already."""
    upgrade()
    print(f"数据库已是最新版本 / the database is at {migration_head()}")
    return 0


def upgrade(revision: str = "head") -> None:
    """Run migrations on the configured database, over one connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine().connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
