"""An online check, and how a function becomes one."""

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar

from roadworthy.online.aws import Aws
from roadworthy.online.deployment import Deployment
from roadworthy.rules.engine.rule import Finding
from roadworthy.template.node import Node


class Subject(Protocol):
    """What a check asks about."""

    @property
    def place(self) -> Node:
        """Where it is written, for what cannot be checked."""


class OnlineCheck(NamedTuple):
    """A registered check.

    Attributes:
        id: its name, in kebab-case; a rule that looks at templates alone may have the same.
        severity: ERROR or WARNING.
        source: the page of AWS's documentation that states the fact.
        subjects: finds in the documents what it asks about.
        check: subject, AWS -> findings.
        page: its documentation in Markdown, the docstring of its module.
    """

    id: str
    severity: str
    source: str
    subjects: Callable[[Deployment], Sequence[Subject]]
    check: Callable[[Any, Aws], Iterable[Finding]]
    page: str


CHECKS: list[OnlineCheck] = []
S = TypeVar("S", bound=Subject)
Check = Callable[[S, Aws], Iterable[Finding]]


def online_check(
    check_id: str, *, severity: str, source: str, subjects: Callable[[Deployment], Sequence[S]]
) -> Callable[[Check[S]], Check[S]]:
    """Register a function as (a part of) the check `check_id`: it asks AWS about each of the `subjects`.

    The function lets `Denied`, `Unanswered` and `OnlineError` pass: who runs it reports them.

    Raises:
        ValueError: the module has no documentation.
    """

    def register(check: Check[S]) -> Check[S]:
        page = sys.modules[check.__module__].__doc__
        if not page:
            raise ValueError(f"check `{check_id}` has no documentation")
        CHECKS.append(OnlineCheck(check_id, severity, source, subjects, check, page))
        return check

    return register
