"""What Alembic runs for each migration: the connection comes from ``onrecord.store.schema``, not from an ini file."""

from __future__ import annotations

from alembic import context

from onrecord.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
