"""Administrators: reference data in Django's admin; rules, calendar and status get pages of their own later."""
