"""Shifts, and who stands on them: the line is open when somebody does."""
