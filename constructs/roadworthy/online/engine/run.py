"""Documents and AWS -> findings, as rules that already have them."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

from roadworthy.online.aws import CONCURRENCY, Aws
from roadworthy.online.deployment import Deployment
from roadworthy.online.engine.check import OnlineCheck, Subject
from roadworthy.online.engine.registry import all_checks
from roadworthy.online.engine.skipped import PAGE, SKIPPED, SOURCE, Skip, notes
from roadworthy.online.errors import OnlineError
from roadworthy.online.failures import Denied, Elsewhere, Unanswered
from roadworthy.rules.engine.rule import WARNING, Finding, Rule
from roadworthy.rules.engine.run import INTERNAL_FIX
from roadworthy.template.document import Document
from roadworthy.template.model.model import Model


class _Answer(NamedTuple):
    findings: list[Finding]
    skip: Skip | None


def online_rules(documents: Sequence[Document], aws: Aws, *, concurrency: int = CONCURRENCY) -> list[Rule]:
    """Ask AWS about what the documents name; each check becomes a rule that yields what was found.

    `rules.engine.run.run` takes them beside the others, so that reports and waivers work in the same way.

    Raises:
        OnlineError: credentials expired on the way, or AWS is out of reach.
    """
    deployment = Deployment(documents, aws)
    jobs = [(check, subject) for check in all_checks() for subject in check.subjects(deployment)] if documents else []
    answers = _answers(jobs, aws, concurrency)
    found: dict[str, list[Finding]] = {}
    for (check, _), answer in zip(jobs, answers, strict=True):
        found.setdefault(check.id, []).extend(answer.findings)
    skips = [answer.skip for answer in answers if answer.skip]
    rules = [
        _rule(check.id, check.severity, check.source, check.page, found.pop(check.id))
        for check in all_checks()
        if check.id in found
    ]
    return [*rules, _rule(SKIPPED, WARNING, SOURCE, PAGE, notes(skips, aws.caller))]


def _answers(jobs: list[tuple[OnlineCheck, Subject]], aws: Aws, concurrency: int) -> list[_Answer]:
    """The answers in the order of the jobs; the first failure that concerns all ends the waiting."""
    pool = ThreadPoolExecutor(concurrency, thread_name_prefix="roadworthy-online")
    try:
        futures: list[Future[_Answer]] = [pool.submit(_answer, check, subject, aws) for check, subject in jobs]
        return [future.result() for future in futures]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _answer(check: OnlineCheck, subject: Subject, aws: Aws) -> _Answer:
    findings: list[Finding] = []
    try:
        findings.extend(check.check(subject, aws))
    except (Denied, Unanswered) as failure:
        return _Answer(findings, Skip(check.id, subject.place, failure))
    except Elsewhere:  # another account's business: unknown is silent
        return _Answer(findings, None)
    except OnlineError:
        raise
    except Exception as error:
        message = f"check `{check.id}` could not finish: {type(error).__name__}"
        findings.append(Finding(subject.place, message, INTERNAL_FIX, WARNING))
    return _Answer(findings, None)


def _rule(rule_id: str, severity: str, source: str, page: str, findings: list[Finding]) -> Rule:
    return Rule(rule_id, severity, source, Model, lambda _: findings, page)
