"""The functions' settings: each has only its own, so each is read where it is needed."""

import os


def required(name: str) -> str:
    """A variable of the environment; raises RuntimeError that names it when it is missing."""
    value = os.environ.get(name, "").strip()
    if not value:
        raise RuntimeError(f"environment variable {name} is missing")
    return value
