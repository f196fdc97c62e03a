"""The command with which a container checks itself, in one of the two forms that ECS reads."""

from collections.abc import Sequence

from roadworthy.patterns.health_timing import InvalidHealthCheckError
from roadworthy.patterns.values import is_token
from roadworthy.rules.facts.health_command import probes

_FORMS = "write ['CMD', program, argument, ...] or ['CMD-SHELL', line]"


def checked_command(words: Sequence[str]) -> list[str]:
    """A command that ECS runs as it is meant. Words may be tokens; the list and its first word may not.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html

    Args:
        words: `CMD` and the program's words, or `CMD-SHELL` and one line for the shell.

    Raises:
        InvalidHealthCheckError: it has neither form, or one would be taken for the other.
    """
    if isinstance(words, str) or not isinstance(words, Sequence):
        what = "one text" if isinstance(words, str) else "no list of words"
        raise InvalidHealthCheckError(f"health-check command {words!r} is {what}: {_FORMS}")
    command = list(words)
    if is_token(command):
        raise InvalidHealthCheckError(f"health-check command {command!r} is a list that nobody knows yet: {_FORMS}")
    wrong = _what_is_wrong(command)
    if wrong:
        raise InvalidHealthCheckError(f"health-check command {command!r} {wrong}")
    return command


def _what_is_wrong(command: list[str]) -> str | None:
    if not all(isinstance(word, str) and word.strip() for word in command):
        return "has an empty word, or one that is no text"
    form, *words = command or [""]
    if form not in {"CMD", "CMD-SHELL"}:
        return f"begins with neither CMD nor CMD-SHELL: {_FORMS}"
    if not words:
        return f"runs nothing: {_FORMS}"
    if form == "CMD-SHELL":
        return "has several words after CMD-SHELL, which takes one line: join them, or use CMD" if words[1:] else None
    if len(words) == 1 and not is_token(words[0]) and " " in words[0].strip():
        return f"names a program `{words[0]}`, spaces and all: write each word by itself, or use CMD-SHELL"
    return None


def refuse_other_path(command: Sequence[str], path: str) -> None:
    """Refuse a command that asks the container for other paths than the load balancer's alone.

    Raises:
        InvalidHealthCheckError: it does; the message names both paths.
    """
    local = [probe for probe in probes(command) if probe.is_local]
    asked = [probe.path for probe in local]
    if not local or None in asked or is_token(path) or path.rstrip("/") in [(one or "").rstrip("/") for one in asked]:
        return
    raise InvalidHealthCheckError(
        f"health-check command asks {asked[0]!r}, the load balancer {path!r}: let both ask the same path"
    )
