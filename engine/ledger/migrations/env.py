"""What Alembic runs: it uses the connection it is given, inside the transaction that stands open there."""

from __future__ import annotations

from alembic import context

from duewatch.engine.ledger.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # SQLite can, when the driver keeps its hands off: a half migration leaves nothing
)
with context.begin_transaction():
    context.run_migrations()
