"""What other rooms are handed when they ask about a person."""

from luisterlijn.accounts.model import Person

__all__ = ["Person"]
