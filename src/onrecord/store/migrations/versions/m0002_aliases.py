"""Editions can be moved to another occasion: the ids they had, and undated texts found by their words.

A downgrade forgets the ids that moved editions had before; the ledger still knows them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "aliases",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("edition", sa.Integer, sa.ForeignKey("editions.pk"), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("aliases_edition", "aliases", ["edition"])
    op.create_index("revisions_undated", "revisions", ["text_sha256"], sqlite_where=sa.text("date IS NULL"))


def downgrade() -> None:
    op.drop_index("revisions_undated", "revisions")
    op.drop_table("aliases")
