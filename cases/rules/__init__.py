"""The rules of the window as pure functions and tables: no Django, no database, no clock."""
