"""What escalation does: fold, sweep, calendars. `now` is always an argument; each function is safe to repeat."""
