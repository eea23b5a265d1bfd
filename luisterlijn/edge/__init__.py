"""What all HTTP, socket and provider adapters share."""
