"""The judgement room: situations become verdicts, facts are recorded, and everything can be explained."""
