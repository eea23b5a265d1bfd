"""People played against a running demo."""
