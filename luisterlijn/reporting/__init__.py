"""Counters of the line, never of a person."""
