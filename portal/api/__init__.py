"""The API room: empty until Exchange."""
