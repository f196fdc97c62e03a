"""A rule, and how a function becomes one."""

import sys
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar

from roadworthy.template.node import Node

ERROR = "error"  # AWS refuses it, or the task can never become healthy
WARNING = "warning"  # it can break a deployment, or probably does


class Finding(NamedTuple):
    """What a rule says of one place.

    Attributes:
        at: the place.
        message: the fact with its values; lower case, no full stop.
        fix: one imperative sentence.
        severity: None for the rule's own.
        assumed: the parameters whose defaults it rests on; a finding that has any is a warning.
    """

    at: Node
    message: str
    fix: str
    severity: str | None = None
    assumed: frozenset[str] = frozenset()


class Rule(NamedTuple):
    """A registered rule.

    Attributes:
        id: its name, in kebab-case.
        severity: ERROR or WARNING.
        source: the page of AWS's documentation that states the fact.
        subject: the class of the model whose every instance it checks.
        check: subject -> findings.
        page: its documentation in Markdown, the docstring of its module.
    """

    id: str
    severity: str
    source: str
    subject: type
    check: Callable[[Any], Iterable[Finding]]
    page: str


RULES: dict[str, Rule] = {}
Check = TypeVar("Check", bound=Callable[[Any], Iterable[Finding]])


def rule(rule_id: str, *, severity: str, source: str) -> Callable[[Check], Check]:
    """Register a function as the rule `rule_id`. The type of its one parameter says what it checks.

    Raises:
        ValueError: the id is taken, or the module has no documentation.
    """

    def register(check: Check) -> Check:
        subject = next(iter(check.__annotations__.values()))
        page = sys.modules[check.__module__].__doc__
        if rule_id in RULES or not page:
            raise ValueError(f"rule `{rule_id}` {'exists already' if page else 'has no documentation'}")
        RULES[rule_id] = Rule(rule_id, severity, source, subject, check, page)
        return check

    return register
