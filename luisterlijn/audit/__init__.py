"""The audit trail: who joined, who decided; a chain of hashes."""
