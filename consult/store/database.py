"""Opens the database, brought up to the newest schema."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy.pool import ConnectionPoolEntry


def open_database(url: str) -> sa.Engine:
    """Engine on the newest schema. `url` is SQLAlchemy's; raises sqlalchemy.exc.SQLAlchemyError."""
    engine = sa.create_engine(url)
    if engine.dialect.name == "sqlite":
        if engine.url.database:
            Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
        sa.event.listen(engine, "connect", _sqlite_settings)
        sa.event.listen(engine, "begin", _sqlite_begin)
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "head")
    return engine


def alembic_config(connection: sa.Connection) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    return config


def _sqlite_settings(connection: Any, record: ConnectionPoolEntry) -> None:
    # The driver's own BEGIN comes too late: see _sqlite_begin.
    connection.isolation_level = None
    cursor = connection.cursor()
    # WAL with FULL: a transition that was told survives a kill and a power cut.
    for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _sqlite_begin(connection: sa.Connection) -> None:
    # What a transaction reads must hold until it writes, also against another process.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
