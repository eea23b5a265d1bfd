"""Tests, by room as the code; flows and laws over all rooms."""
