"""One contact, one queue, one console: who is asked next, and who has whom."""
