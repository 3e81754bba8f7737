"""Accounts: the custom user, posts in session, log-in."""
