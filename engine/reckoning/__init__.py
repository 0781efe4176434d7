"""The reckoning room: moments, deadlines and series become datings. Pure functions on days; no clock, no tables."""
