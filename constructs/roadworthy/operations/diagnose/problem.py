"""What a check finds."""

from dataclasses import dataclass
from typing import NamedTuple

from roadworthy.rules.engine.rule import ERROR, WARNING

__all__ = ["ERROR", "WARNING", "Problem", "Skipped"]


@dataclass(frozen=True)
class Problem:
    """Something that is wrong, or may become so.

    Attributes:
        kind: its name in kebab-case: a cause's, or a rule's.
        what: the fact with its values, one line.
        next_step: what to do, one imperative sentence.
        severity: ERROR, or WARNING for what the service lives with.
        evidence: AWS's own words, if it is told from them.
        times: how often it was seen.
        log: the last lines of the container that it is about.
        note: why there are no such lines.
        task: the id of the newest task that it happened to, if it is told from a task.
    """

    kind: str
    what: str
    next_step: str
    severity: str = ERROR
    evidence: str = ""
    times: int = 1
    log: tuple[str, ...] = ()
    note: str = ""
    task: str = ""


class Skipped(NamedTuple):
    """Why a check, or a part of it, was not made, and the IAM action that is missing, if that is the reason."""

    why: str
    action: str | None = None
