"""Watches the norms of an instrument: what is due, what is late, what cannot be said, and why."""

__version__: str


def __getattr__(name: str) -> str:
    """Give `__version__` from the installed distribution; looked up late, as few ask for it."""
    if name != "__version__":
        raise AttributeError(name)
    from importlib.metadata import version

    return version("duewatch")
