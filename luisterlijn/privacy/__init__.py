"""Keys, sealing, pseudonyms, retention and redaction: the only room that touches cryptography."""
