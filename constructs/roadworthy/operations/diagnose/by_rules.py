"""What the rules say of the live service: the same that read templates."""

from collections.abc import Callable, Iterable, Iterator

from roadworthy.online.engine.run import online_rules
from roadworthy.online.engine.skipped import SKIPPED
from roadworthy.online.errors import OnlineError
from roadworthy.operations.diagnose.live import Live
from roadworthy.operations.diagnose.problem import Problem, Skipped
from roadworthy.operations.errors import NoAwsError
from roadworthy.report.report import ReportedFinding
from roadworthy.rules.engine.run import run
from roadworthy.template.sources import Sources


def by_rules(live: Live, wanted: Callable[[str], bool]) -> Iterator[Problem]:
    """What the rules find of which `wanted` says, by their ids, that they are meant.

    Raises:
        OperationError: AWS cannot be asked for the service's parts.
    """
    findings: list[ReportedFinding] = live.once("rules", lambda: run(live.sources).findings)
    yield from map(problem, (finding for finding in findings if wanted(finding.rule)))


def on(sources: Sources, rules: Iterable[str]) -> Iterator[Problem]:
    """What the rules of these ids find in other documents."""
    from roadworthy.rules.engine.registry import all_rules  # noqa: PLC0415 - they are many

    ids = frozenset(rules)
    found = run(sources, rules=[rule for rule in all_rules() if rule.id in ids]).findings
    yield from map(problem, found)


def online(live: Live, *ids: str) -> Iterator[Problem | Skipped]:
    """What the online checks of these ids find; what they may not ask is skipped.

    Raises:
        OperationError: AWS cannot be asked.
    """
    try:
        rules = online_rules(live.sources.documents, live.online, wanted=frozenset({*ids, SKIPPED}).__contains__)
    except OnlineError as error:
        raise NoAwsError(str(error)) from error
    for finding in run(live.sources, rules=rules).findings:
        yield skipped(finding.message) if finding.rule == SKIPPED else problem(finding)


def problem(finding: ReportedFinding) -> Problem:
    """A finding as a problem."""
    return Problem(finding.rule, finding.message, finding.fix, finding.severity)


def skipped(message: str) -> Skipped:
    """A note of what could not be checked as one: `could not check ...: the caller lacks ACTION on ARN`."""
    _, _, lack = message.partition("the caller lacks ")
    return Skipped(message, lack.split(" ")[0] or None)
