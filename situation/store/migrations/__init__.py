"""Alembic migrations of the store, run by `situation.store.engine.migrate`."""
