"""台账: paper registers come in, registers go out, blank sheets are filled."""
