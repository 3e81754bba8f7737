"""Commands of the portal: each a thin doorway that reads the clock and makes one call."""
