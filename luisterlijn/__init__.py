"""The platform on which a national 24/7 listening line runs."""
