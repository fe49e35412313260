"""Which layout the store has on disk, and the way to the one this version of the program writes."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from onrecord.errors import NotOnRecord, RecordDamaged

HEAD = "0002"
"""The newest migration.  Known without asking Alembic, whose import alone takes 0.3 s."""

READABLE = ("0001", HEAD)
"""The layouts that a reader can make do with; the next writer brings them to HEAD."""


def version(connection: sqlite3.Connection) -> str | None:
    """The migration the store stands at, or None when it has no tables yet."""
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        return None
    return row[0] if row else None


def check(connection: sqlite3.Connection, path: Path) -> None:
    """For a reader: raises RecordDamaged, with what to do, unless the store has a layout that this version can read.

    NotOnRecord when it has no tables yet.
    """
    found = version(connection)
    if found is None:
        raise NotOnRecord(f"{path} holds no record yet")
    if found not in READABLE:
        raise RecordDamaged(_sentence(found, path))


def upgrade(connection: sqlite3.Connection, path: Path) -> None:
    """For the writer: brings the store to HEAD in one transaction; raises RecordDamaged when it is newer than that."""
    found = version(connection)
    if found == HEAD:
        return
    if found is not None and found > HEAD:
        raise RecordDamaged(_sentence(found, path))
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    with engine.connect() as shared:
        config.attributes["connection"] = shared
        connection.execute("BEGIN IMMEDIATE")
        try:
            command.upgrade(config, "head")
        except BaseException:
            if connection.in_transaction:
                connection.rollback()
            raise
        if connection.in_transaction:
            connection.commit()


def _sentence(found: str, path: Path) -> str:
    if found > HEAD:
        return f"{path} was written by a newer version of onrecord (layout {found}, this one knows {HEAD})"
    return f"{path} has an older layout ({found}); the next `onrecord add` brings it to {HEAD}"
