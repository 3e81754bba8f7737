"""Notices (通知) for everybody with a post: what has happened that they should know or do."""
