"""Who has an account, with which roles, and how they sign in."""
