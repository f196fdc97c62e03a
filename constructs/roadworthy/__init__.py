"""Roadworthy: correct services on Amazon ECS Fargate, built, checked and operated."""

TYPE_CHECKING = False  # as `typing` has it, whose import takes a fifth of Python's start

if TYPE_CHECKING:
    from roadworthy.checking import check as check

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Import `check` when it is asked for, so that `import roadworthy` costs nothing."""
    if name == "check":
        from roadworthy.checking import check  # noqa: PLC0415

        return check
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
