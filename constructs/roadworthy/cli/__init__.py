"""The `roadworthy` command. Its verbs are listed in `verbs`; a verb's module is imported when it is asked for."""

import sys

from roadworthy.cli.verbs import VERBS

HELP_FLAGS = ("-h", "--help")


def main(argv: list[str] | None = None) -> int:
    """Run `roadworthy` with `argv` (default: the process's arguments) and return its exit code.

    The overview and the version are answered here: what they need is all that is imported.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["help"]:
        arguments = [*arguments[1:2], "--help"]
    name = arguments[0] if arguments else ""
    if name in {*HELP_FLAGS, "--version"}:
        return _tell(name)
    from roadworthy.cli.run import refuse, run  # noqa: PLC0415 - `--help` needs none of it

    return run(name, arguments[1:]) if name in VERBS else refuse(name)


def _tell(flag: str) -> int:
    """Print the overview or the version."""
    from roadworthy import __version__  # noqa: PLC0415
    from roadworthy.cli.overview import overview  # noqa: PLC0415

    try:
        print(overview() if flag in HELP_FLAGS else f"roadworthy {__version__}", flush=True)  # noqa: T201
    except OSError:  # the reader (`| head`) has gone, or a full disk
        from roadworthy.cli.output import silence  # noqa: PLC0415

        silence()
        return 1
    return 0
