"""Alembic's: migrates online, one process at a time."""

from alembic import context
from models import Base, engine
from sqlalchemy import text

# Any number, the same for all that migrate this database.
LOCK = 5832

with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        # Two containers may start at once: the second waits here, and then finds nothing to do.
        # The lock ends with the transaction, whatever becomes of this process.
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        context.run_migrations()
