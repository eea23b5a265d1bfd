"""Values and promises that every room may use: ids, time, errors, events, scope."""
