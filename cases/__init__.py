"""What happens now, because a person acts: cases, shares, acts, the timeline."""
