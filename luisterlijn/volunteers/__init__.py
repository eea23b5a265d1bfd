"""What a branch knows of its volunteers, what they meet for, and what is said to them."""
