"""What the rules say, and how they decide. Imports nothing of ours."""
