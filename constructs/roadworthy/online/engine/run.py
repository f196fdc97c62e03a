"""Documents and AWS -> findings, as rules that already have them."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

from roadworthy.online.aws import CONCURRENCY, Aws
from roadworthy.online.deployment import Deployment
from roadworthy.online.engine.check import OnlineCheck, Subject
from roadworthy.online.engine.registry import all_checks, described
from roadworthy.online.engine.skipped import SKIPPED, Skip, notes
from roadworthy.online.errors import OnlineError
from roadworthy.online.failures import Denied, Elsewhere, Unanswered
from roadworthy.rules.engine.rule import WARNING, Finding, Rule
from roadworthy.rules.engine.run import INTERNAL_FIX
from roadworthy.template.document import Document


class _Answer(NamedTuple):
    findings: list[Finding]
    skip: Skip | None


def online_rules(
    documents: Sequence[Document],
    aws: Aws,
    *,
    wanted: Callable[[str], bool] = lambda _: True,
    concurrency: int = CONCURRENCY,
) -> list[Rule]:
    """Ask AWS about what the documents name; each check becomes a rule that yields what was found.

    `rules.engine.run.run` takes them beside the others, so that reports and waivers work in the same way.

    Args:
        documents: what was read.
        aws: whom to ask.
        wanted: says by its id whether a check is made; of others nothing is asked.
        concurrency: how many questions are asked at a time.

    Raises:
        OnlineError: credentials expired on the way, or AWS is out of reach.
    """
    deployment = Deployment(documents, aws)
    jobs = [(check, subject) for check in all_checks() if wanted(check.id) for subject in _subjects(check, deployment)]
    answers = _answers(jobs, aws, concurrency)
    found: dict[str, list[Finding]] = {}
    for (check, _), answer in zip(jobs, answers, strict=True):
        found.setdefault(check.id, []).extend(answer.findings)
    if wanted(SKIPPED):
        found[SKIPPED] = notes([answer.skip for answer in answers if answer.skip], aws.caller)
    return [_yielding(rule, found[rule.id]) for rule in described() if rule.id in found]


def _subjects(check: OnlineCheck, deployment: Deployment) -> Sequence[Subject]:
    return check.subjects(deployment) if deployment.documents else ()


def _yielding(rule: Rule, findings: list[Finding]) -> Rule:
    return rule._replace(check=lambda _: findings)


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
