"""Tests of the keys, of sealing, pseudonyms, retention and redaction."""
