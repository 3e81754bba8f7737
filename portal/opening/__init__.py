"""From an empty database to a city at work: the first-run page, and lists of units and people from spreadsheets."""
