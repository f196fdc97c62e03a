"""Where results go: standard output, in its encoding, or a file that is whole or not there."""

import contextlib
import os
import stat
import sys
from collections.abc import Iterator

from roadworthy.errors import RoadworthyError
from roadworthy.report.words import shown


class OutputError(RoadworthyError):
    """A file cannot be written; the message says which and why."""


def emit(text: str) -> None:
    """Print `text`. What the terminal's encoding does not have is shown escaped: it ends no run.

    Raises:
        OutputError: standard output cannot be written, as on a full disk.
        BrokenPipeError: its reader has gone.
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        if not text.isascii():  # which every encoding has: a long report is not copied for it
            text = text.encode(encoding, "backslashreplace").decode(encoding)
        print(text, flush=True)  # noqa: T201
    except BrokenPipeError:
        raise
    except OSError as error:
        silence()
        raise OutputError(f"standard output: {(error.strerror or str(error)).lower()}") from None


def silence() -> None:
    """Forget what standard output has not written: Python would complain when it flushes at its own end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextlib.contextmanager
def reader_may_leave() -> Iterator[None]:
    """What is printed meanwhile tells of what has been done: it was, also where nobody reads on (`| head`)."""
    try:
        yield
    except BrokenPipeError:
        silence()


def complain(message: str) -> None:
    """Say on standard error what is wrong: one line, whatever the user's texts in it hold."""
    if sys.stderr is not None:  # `print` would take standard output instead
        with contextlib.suppress(BrokenPipeError):  # the reader has gone
            print(f"roadworthy: {shown(message)}", file=sys.stderr)  # noqa: T201


def colours() -> bool:
    """Whether standard output takes colours: on a terminal but a dumb one; `NO_COLOR` and `FORCE_COLOR` overrule that.

    Source: https://no-color.org, https://force-color.org
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout is not None and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def write(file: str, text: str) -> None:
    """Write `text` and a line break to `file`, at once: a reader sees the old file or the whole new one.

    Standard output by another name (`/dev/stdout`, or where it has been redirected to) is written on, not replaced.

    Raises:
        OutputError: `file` cannot be written.
    """
    data = f"{text}\n".encode("utf-8", "backslashreplace")
    try:
        if (descriptor := _open_stream(file)) is not None:
            _append(descriptor, data)
        else:
            _replace(os.path.realpath(file), data)
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise OutputError(f"{file}: {reason.lower()}: the report was not written") from None


def _open_stream(file: str) -> int | None:
    """The descriptor of standard output or standard error, if `file` is another name of it."""
    with contextlib.suppress(OSError):
        status = os.stat(file)
        for descriptor in (1, 2):
            with contextlib.suppress(OSError):  # it is closed
                if os.path.samestat(status, os.fstat(descriptor)):
                    return descriptor
    return None


def _append(descriptor: int, data: bytes) -> None:
    if sys.stdout is not None:
        sys.stdout.flush()
    with open(os.dup(descriptor), "wb") as opened:
        opened.write(data)


def _replace(file: str, data: bytes) -> None:
    mode = 0o666
    if os.path.exists(file):
        status = os.stat(file)
        if not stat.S_ISREG(status.st_mode):  # a named pipe, /dev/null
            with open(file, "wb") as opened:
                opened.write(data)
            return
        mode = stat.S_IMODE(status.st_mode)
    beside = f"{file}.{os.getpid()}.part"
    try:
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as opened:
            opened.write(data)
        os.replace(beside, file)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(beside)
        raise
