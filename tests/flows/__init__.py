"""Whole walks, in real browsers where a person acts."""
