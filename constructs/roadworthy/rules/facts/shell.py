"""Splitting a line as a POSIX shell does, as far as rules need it: simple commands, and what joins them.

Source: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from roadworthy.template.pattern import Pattern

LONGEST = 8_192  # characters; a longer line is a program, of which rules know nothing
OPERATOR = Pattern(r"[;|&()<>\n]+")
QUOTED = Pattern(r"[\"'\\]")
PLAIN = Pattern(r"[;|&()<>\n]+|[^;|&()<>\n \t\r]+")  # of lines without quotes, for which shlex is slow
SHELLS = {"sh", "bash", "ash", "dash", "zsh", "ksh"}
# An option of a shell that takes a script: `-c`, `-lc`, `-ec`, `-exc`.
SCRIPT_OPTION = Pattern(r"-[a-z]*c")


class SimpleCommand(NamedTuple):
    """A program and its arguments; `joined_by` is the operator before it, empty for the first."""

    joined_by: str
    words: tuple[str, ...]


@lru_cache(maxsize=4_096)
def simple_commands(line: str) -> tuple[SimpleCommand, ...]:
    """The simple commands of a line without redirections; none of one too long, or whose quotes do not close."""
    if len(line) > LONGEST:
        return ()
    if not QUOTED.search(line):
        return tuple(_split(PLAIN.findall(line)))
    import shlex  # noqa: PLC0415 - few lines have quotes

    lexer = shlex.shlex(line.replace("\\\n", " "), posix=True, punctuation_chars=";|&()<>\n")
    lexer.whitespace, lexer.whitespace_split, lexer.commenters = " \t\r", True, ""
    try:
        return tuple(_split(list(lexer)))
    except ValueError:
        return ()


def _split(words: Sequence[str]) -> Iterator[SimpleCommand]:
    operator, current, redirected = "", [], False
    for word in words:
        if not OPERATOR.fullmatch(word):
            if not redirected:
                current.append(word)
            redirected = False
        elif word[0] in "<>" or word == "&>":
            redirected = True
            if current and current[-1] in {"1", "2"}:  # of `2>&1`
                current.pop()
        else:
            if current or operator:
                yield SimpleCommand(operator, tuple(current))
            operator, current, redirected = word, [], False
    yield SimpleCommand(operator, tuple(current))


def program(word: str) -> str:
    """The name of a program without its folder."""
    return word.rpartition("/")[2]


def script(words: Sequence[str]) -> str | None:
    """The script of `sh -c script`; None where the words start no shell with one."""
    if words and program(words[0]) in SHELLS:
        for index, word in enumerate(words[1:-1], start=1):
            if SCRIPT_OPTION.fullmatch(word):
                return words[index + 1]
            if not word.startswith("-"):
                return None
    return None


def lines_of_health_check(command: Sequence[str]) -> tuple[SimpleCommand, ...]:
    """The simple commands of a health check's `Command`, in shell form, exec form or exec form with a shell."""
    form, words = tuple(command[:1]), tuple(command[1:])
    if form == ("CMD-SHELL",) and len(words) == 1:
        return simple_commands(words[0])
    if form == ("CMD",) and words:
        inner = script(words)
        return (SimpleCommand("", words),) if inner is None else simple_commands(inner)
    return ()
