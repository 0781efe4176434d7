"""What is true, and what to do about it. Knows no screen."""
