"""The sample city 岐安市: reference data, people and posts for trying the portal. Never mixed into a real city."""
