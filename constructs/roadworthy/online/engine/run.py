"""Documents and AWS -> findings, as rules that already have them."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
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
from roadworthy.template.node import Node


class _Answer(NamedTuple):
    findings: list[Finding]
    skip: Skip | None = None


Job = tuple[str, Callable[[], _Answer]]  # a check's id, and one of its questions


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
    jobs = _jobs(Deployment(documents, aws), aws, wanted) if documents else []
    answers = _answers([question for _, question in jobs], concurrency)
    found: dict[str, list[Finding]] = {}
    for (check_id, _), answer in zip(jobs, answers, strict=True):
        found.setdefault(check_id, []).extend(answer.findings)
    if wanted(SKIPPED):
        found[SKIPPED] = notes([answer.skip for answer in answers if answer.skip], aws.caller)
    return [_yielding(rule, found[rule.id]) for rule in described() if rule.id in found]


def _jobs(deployment: Deployment, aws: Aws, wanted: Callable[[str], bool]) -> list[Job]:
    jobs: list[Job] = []
    for check in all_checks():
        if wanted(check.id):
            try:
                jobs += [(check.id, partial(_answer, check, each, aws)) for each in check.subjects(deployment)]
            except Exception as error:
                crash = _Answer([_crash(check, deployment.documents[0].definition(), error)])
                jobs.append((check.id, partial(_Answer, *crash)))
    return jobs


def _answers(questions: list[Callable[[], _Answer]], concurrency: int) -> list[_Answer]:
    """The answers in the order of the questions; the first failure that concerns all ends the waiting."""
    pool = ThreadPoolExecutor(concurrency, thread_name_prefix="roadworthy-online")
    try:
        futures: list[Future[_Answer]] = [pool.submit(question) for question in questions]
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
        return _Answer(findings)
    except OnlineError:
        raise
    except Exception as error:
        findings.append(_crash(check, subject.place, error))
    return _Answer(findings)


def _crash(check: OnlineCheck, place: Node, error: Exception) -> Finding:
    """A bug of ours, which ends no run. Its text is left out: it may hold what AWS answered."""
    return Finding(place, f"check `{check.id}` could not finish: {type(error).__name__}", INTERNAL_FIX, WARNING)


def _yielding(rule: Rule, findings: list[Finding]) -> Rule:
    return rule._replace(check=lambda _: findings)
