"""The first layout."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sources",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("country", sa.Text),
    )
    op.create_table(
        "occasions",
        sa.Column("pk", sa.Integer, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("source", sa.Text, sa.ForeignKey("sources.id"), nullable=False),
        sa.Column("date", sa.Text),
        sa.Column("counter", sa.Integer, nullable=False),
    )
    op.create_index("occasions_source_date", "occasions", ["source", "date", "counter"])
    op.create_table(
        "editions",
        sa.Column("pk", sa.Integer, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("occasion", sa.Integer, sa.ForeignKey("occasions.pk"), nullable=False),
        sa.Column("lang", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("revisions", sa.Integer, nullable=False),
    )
    op.create_index("editions_occasion", "editions", ["occasion"])
    op.create_table(
        "addresses",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("edition", sa.Integer, sa.ForeignKey("editions.pk"), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("addresses_edition", "addresses", ["edition"])
    op.create_table(
        "revisions",
        sa.Column("pk", sa.Integer, primary_key=True),
        sa.Column("edition", sa.Integer, sa.ForeignKey("editions.pk"), nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("date", sa.Text),
        sa.Column("title", sa.Text),
        sa.Column("people", sa.Text, nullable=False),
        sa.Column("url", sa.Text),
        sa.Column("published", sa.Text),
        sa.Column("fetched", sa.Text),
        sa.Column("added", sa.Text, nullable=False),
        sa.Column("notices", sa.Text, nullable=False),
        sa.Column("annotations", sa.Text, nullable=False),
        sa.Column("text_sha256", sa.Text, nullable=False),
        sa.Column("turns_sha256", sa.Text, nullable=False),
        sa.Column("about_sha256", sa.Text, nullable=False),
        sa.Column("length", sa.Integer, nullable=False),
        sa.Column("turns", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.UniqueConstraint("edition", "n", name="revisions_edition_n"),
    )
    op.create_index("revisions_date", "revisions", ["date"])
    op.create_table(
        "exchanges",
        sa.Column("revision", sa.Integer, sa.ForeignKey("revisions.pk"), primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("turns", sa.Integer, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "turns",
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("exchange", sa.Integer, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("label", sa.Text),
        sa.Column("person", sa.Text),
        sa.Column("outlet", sa.Text),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["revision", "exchange"], ["exchanges.revision", "exchanges.n"], name="turns_exchange"),
        sa.CheckConstraint('0 <= start AND start <= "end"', name="turns_span"),
        sa.CheckConstraint("role IN ('question', 'answer', 'statement', 'procedural')", name="turns_role"),
        sqlite_with_rowid=False,
    )
    ledger = op.create_table(
        "ledger",
        sa.Column("pk", sa.Integer, primary_key=True),
        sa.Column("entries", sa.Integer, nullable=False),
        sa.CheckConstraint("pk = 1", name="ledger_one"),
    )
    op.bulk_insert(ledger, [{"pk": 1, "entries": 0}])
    op.create_table(
        "snapshots",
        sa.Column("sha256", sa.Text, primary_key=True),
        sa.Column("revision", sa.Integer, sa.ForeignKey("revisions.pk"), nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("entry", sa.Integer),
        sqlite_with_rowid=False,
    )
    op.create_index("snapshots_revision", "snapshots", ["revision"])
