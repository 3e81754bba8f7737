"""The rules of time as pure functions and tables: no Django, no database, no clock of the machine."""
