"""The steps from one layout of ``store.sqlite`` to the next, run by Alembic."""
