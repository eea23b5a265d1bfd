"""What will come, and how many are needed to answer it."""
