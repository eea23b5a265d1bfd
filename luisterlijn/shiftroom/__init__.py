"""The room of who is on now: end-to-end encrypted, gone with the shift."""
