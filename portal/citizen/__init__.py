"""The citizen's room: home, filing, receipt, tracking, halls."""
