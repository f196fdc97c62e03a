"""What could not be checked: one warning for each permission that is lacking, whatever needs it."""

from typing import NamedTuple

from roadworthy.online.failures import Denied, Unanswered
from roadworthy.rules.engine.rule import WARNING, Finding
from roadworthy.template.node import Node

SKIPPED = "online-check-skipped"
SOURCE = (
    "https://docs.aws.amazon.com/service-authorization/latest/reference/"
    "reference_policies_actions-resources-contextkeys.html"
)
PAGE = """Everything that the online checks ask about is answered.

## Why is this bad?

What AWS does not tell is not checked: a permission is lacking, or a service did not answer. There is one warning
for each IAM action, at the first place that it concerns.
"""


class Skip(NamedTuple):
    """A question that has no answer: which check asked, where, and why there is none."""

    check: str
    place: Node
    failure: Denied | Unanswered


def notes(skips: list[Skip], caller: str) -> list[Finding]:
    """One warning for each action and reason, in the order in which they came up."""
    groups: dict[tuple[str, str], list[Skip]] = {}
    for skip in skips:
        why = skip.failure.why if isinstance(skip.failure, Unanswered) else ""
        groups.setdefault((skip.failure.action, why), []).append(skip)
    return [_note(action, why, group, caller) for (action, why), group in groups.items()]


def _note(action: str, why: str, group: list[Skip], caller: str) -> Finding:
    names = ", ".join(f"`{name}`" for name in dict.fromkeys(skip.check for skip in group))
    resources = list(dict.fromkeys(skip.failure.resource for skip in group))
    more = f" and {len(resources) - 1} more" if len(resources) > 1 else ""
    on = f"{resources[0]}{more}"
    if why:
        message, fix = f"could not check {names}: {action} on {on} failed: {why}", "Run the check again"
    else:
        message = f"could not check {names}: the caller lacks {action} on {on}"
        fix = f"Allow {action} to {caller}, or check without it"
    return Finding(group[0].place, message, fix, WARNING)
