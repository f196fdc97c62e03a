"""Rules by name: `--select` and `--ignore`, `explain`, the configuration."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from roadworthy.errors import RoadworthyError
from roadworthy.nearest import hint
from roadworthy.rules.engine.registry import all_rules
from roadworthy.rules.engine.rule import Rule
from roadworthy.rules.engine.waivers import NAMESPACE

LISTED = "`roadworthy rules` lists them"


class UnknownRuleError(RoadworthyError):
    """A name or pattern that no rule has; the message names the nearest."""


def named(name: str) -> Rule:
    """The rule with an id, which may be written as CDK writes it: `roadworthy::latest-image-tag`.

    Raises:
        UnknownRuleError: there is none.
    """
    plain = name.removeprefix(f"{NAMESPACE}::")
    for rule in (*all_rules(), *_online()):
        if rule.id == plain:
            return rule
    raise UnknownRuleError(f"unknown rule `{name}`{hint(plain, rule_ids(), otherwise=LISTED)}")


def selected(select: Sequence[str] = (), ignore: Sequence[str] = ()) -> list[Rule]:
    """The rules that `select` names (empty: all), without those that `ignore` names. `health-*` names several."""
    return [rule for rule in all_rules() if is_selected(rule.id, select, ignore)]


def is_selected(rule_id: str, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> bool:
    """Whether `select` names the rule (empty: it does) and `ignore` does not."""
    return (not select or matches(rule_id, select)) and not matches(rule_id, ignore)


def matches(rule_id: str, patterns: Iterable[str]) -> bool:
    """Whether one of the patterns names the rule."""
    return any(fnmatchcase(rule_id, pattern.removeprefix(f"{NAMESPACE}::")) for pattern in patterns)


def rule_ids() -> list[str]:
    """The ids that may be named, those of the online checks as well."""
    return [rule.id for rule in catalogue()]


def catalogue() -> list[Rule]:
    """All rules and the online checks, ordered by id; of a check that is a rule as well, the rule."""
    by_id = {rule.id: rule for rule in (*_online(), *all_rules())}
    return [by_id[rule_id] for rule_id in sorted(by_id)]


def is_online(rule: Rule) -> bool:
    """Whether only `--online` finds what the rule is about."""
    return rule not in all_rules()


def refuse_unknown(patterns: Iterable[str], where: str) -> None:
    """Refuse a pattern that names no rule.

    Args:
        patterns: what the user wrote.
        where: the flag, or the file and the key.

    Raises:
        UnknownRuleError: a pattern names none.
    """
    ids = rule_ids()
    for pattern in patterns:
        if not any(matches(rule_id, [pattern]) for rule_id in ids):
            raise UnknownRuleError(f"{where}: unknown rule `{pattern}`{hint(pattern, ids, otherwise=LISTED)}")


def _online() -> tuple[Rule, ...]:
    from roadworthy.online.engine.registry import described  # noqa: PLC0415 - only who names rules pays for it

    return described()
