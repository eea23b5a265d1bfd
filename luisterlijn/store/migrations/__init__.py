"""The Alembic scripts, in order; each table with a person or branch makes its own policy."""
