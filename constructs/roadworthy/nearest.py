"""The end of a message on a mistyped name."""

from collections.abc import Iterable


def hint(name: str, known: Iterable[str], *, otherwise: str | None = None) -> str:
    """`; did you mean `check`?`, or `otherwise` where nothing is near (default: all that is known)."""
    import difflib  # noqa: PLC0415 - only who mistypes pays for it

    names = list(known)
    found = difflib.get_close_matches(name, names, n=1) or difflib.get_close_matches(name.lower(), names, n=1)
    if found:
        return f"; did you mean `{found[0]}`?"
    return f"; known: {', '.join(names)}" if otherwise is None else f"; {otherwise}"
