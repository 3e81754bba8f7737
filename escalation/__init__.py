"""What happens later, because working time passes: calendars, clocks, cards, notices."""
