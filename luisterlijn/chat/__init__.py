"""The chat channel: tokens, numbered ciphertext lines, key periods."""
