"""Who comes and who does not: reminders, check-in, no-shows, reserves, jumping in, call-ups."""
