"""The command line: parses what is asked, calls the engine, prints the answer. Decides nothing."""
