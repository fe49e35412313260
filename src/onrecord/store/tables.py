"""The tables of ``store.sqlite``, as SQLAlchemy sees them.

``migrations`` makes them on disk; a test holds the two together.  The statements that run for every page or for every
search are written as text in ``writing`` and ``reading``: importing SQLAlchemy costs 0.2 s, which a search from the
command line cannot spare.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()

sources = Table(
    "sources",
    metadata,
    Column("id", Text, primary_key=True),
    Column("country", Text),
)

occasions = Table(
    "occasions",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("source", Text, ForeignKey("sources.id"), nullable=False),
    Column("date", Text),
    Column("counter", Integer, nullable=False),
    Index("occasions_source_date", "source", "date", "counter"),
)

editions = Table(
    "editions",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("occasion", Integer, ForeignKey("occasions.pk"), nullable=False),
    Column("lang", Text),
    Column("kind", Text, nullable=False),
    Column("revisions", Integer, nullable=False),
    Index("editions_occasion", "occasion"),
)

# Ids that an edition had before it was moved to another occasion.  None of them is ever given to another edition.
aliases = Table(
    "aliases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("edition", Integer, ForeignKey("editions.pk"), nullable=False),
    Index("aliases_edition", "edition"),
    sqlite_with_rowid=False,
)

addresses = Table(
    "addresses",
    metadata,
    Column("key", Text, primary_key=True),
    Column("edition", Integer, ForeignKey("editions.pk"), primary_key=True),
    Index("addresses_edition", "edition"),
    sqlite_with_rowid=False,
)

# The pk is never given twice, so that the index can tell what it has seen by the greatest one.  The text stands last
# because it overflows onto pages of its own: what stands before it is read without touching them.
revisions = Table(
    "revisions",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("edition", Integer, ForeignKey("editions.pk"), nullable=False),
    Column("n", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("date", Text),
    Column("title", Text),
    Column("people", Text, nullable=False),
    Column("url", Text),
    Column("published", Text),
    Column("fetched", Text),
    Column("added", Text, nullable=False),
    Column("notices", Text, nullable=False),
    Column("annotations", Text, nullable=False),
    Column("text_sha256", Text, nullable=False),
    Column("turns_sha256", Text, nullable=False),
    Column("about_sha256", Text, nullable=False),
    Column("length", Integer, nullable=False),
    Column("turns", Integer, nullable=False),
    Column("text", Text, nullable=False),
    UniqueConstraint("edition", "n", name="revisions_edition_n"),
    Index("revisions_date", "date"),
    Index("revisions_undated", "text_sha256", sqlite_where=text("date IS NULL")),
)

exchanges = Table(
    "exchanges",
    metadata,
    Column("revision", Integer, ForeignKey("revisions.pk"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("turns", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    sqlite_with_rowid=False,
)

turns = Table(
    "turns",
    metadata,
    Column("revision", Integer, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("exchange", Integer, nullable=False),
    Column("role", Text, nullable=False),
    Column("label", Text),
    Column("person", Text),
    Column("outlet", Text),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    ForeignKeyConstraint(["revision", "exchange"], ["exchanges.revision", "exchanges.n"], name="turns_exchange"),
    CheckConstraint('0 <= start AND start <= "end"', name="turns_span"),
    CheckConstraint("role IN ('question', 'answer', 'statement', 'procedural')", name="turns_role"),
    sqlite_with_rowid=False,
)

# One row: how many entries of the archive's ledger the other tables have taken in.
ledger = Table(
    "ledger",
    metadata,
    Column("pk", Integer, primary_key=True),
    Column("entries", Integer, nullable=False),
    CheckConstraint("pk = 1", name="ledger_one"),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("revision", Integer, ForeignKey("revisions.pk"), nullable=False),
    Column("at", Text, nullable=False),
    Column("entry", Integer),  # of the archive's ledger, that says what these bytes were read to be
    Index("snapshots_revision", "revision"),
    sqlite_with_rowid=False,
)
