"""Where the program meets its surroundings: the clock and the settings."""
