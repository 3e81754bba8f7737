"""The department's room: inbox, case page, answer."""
