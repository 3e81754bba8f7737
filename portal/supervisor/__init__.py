"""The supervisors' room: what is overdue, case page, erasing by law."""
