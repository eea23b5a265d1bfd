"""Makes a roster out of wishes, demand and rules."""
