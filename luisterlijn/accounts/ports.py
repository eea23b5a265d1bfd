"""What other rooms are handed when they ask about a person."""

from luisterlijn.accounts.model import Person, first_name

__all__ = ["Person", "first_name"]
