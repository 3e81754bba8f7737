"""How people see and act: pages, API, accounts, settings."""
