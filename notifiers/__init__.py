"""How a message leaves the house. Imports nothing of ours."""
