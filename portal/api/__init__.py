"""The API room: what pages and commands say, as JSON. Reads only."""
