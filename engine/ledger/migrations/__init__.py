"""The road from one schema to the next, walked by Alembic."""
