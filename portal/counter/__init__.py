"""The counter's room: queue, registration, case page, the window's acts."""
