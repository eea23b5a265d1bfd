"""Calls: legs, what a caller hears, the provider behind a port."""
