"""`python -m duewatch` is the command `duewatch`."""

from duewatch.console.main import main

if __name__ == "__main__":
    main()
