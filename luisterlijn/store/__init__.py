"""PostgreSQL, the outbox and what lives only shortly."""
