"""Answers in other forms than words: the timeline as a picture or as blocks, the agenda, the calendar."""
