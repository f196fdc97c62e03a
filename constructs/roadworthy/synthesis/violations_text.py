"""What a validation report says, as text for people."""

from collections.abc import Iterable

from roadworthy.report.words import shown
from roadworthy.synthesis.validation_report import Violation


def render(violations: Iterable[Violation]) -> str:
    """A block for each violation: what, where, what to do, and how to accept it."""
    return "\n".join(_block(violation) for violation in violations)


def _block(violation: Violation) -> str:
    names = [name for name in (violation.construct_path, violation.logical_id) if name]
    place = f"{names[0]}  ({names[1]})" if len(names) > 1 else "".join(names)
    lines = [f"{violation.severity}  {shown(violation.description)}  ({violation.plugin})"]
    lines += [f"  at {shown(place)}"] if place else []
    lines += [f"  fix: {shown(violation.fix)}"] if violation.fix else []
    if violation.rule:  # an annotation has none: a warning says itself how to acknowledge it, an error cannot be
        lines.append(f"  acknowledge with '{violation.plugin.replace(' ', '-')}::{violation.rule}'")
    return "\n".join(lines)
