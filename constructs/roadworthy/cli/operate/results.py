"""The results of deployments as JSON, and the list of those that failed."""

import json
from collections.abc import Sequence
from typing import Any

from roadworthy.cli.operate.wording import lines, short
from roadworthy.operations.follow.events import Ended


def as_json(verb: str, ends: Sequence[Ended], record: str | None = None) -> str:
    """`{"verb", "ok", "record", "services": [...]}`; a service has `service`, `environment`, `outcome`, `why` ..."""
    answer = {
        "verb": verb,
        "ok": all(end.well for end in ends),
        "record": record,
        "services": [_service(end) for end in ends],
    }
    return json.dumps(answer, indent=2)


def summary(ends: Sequence[Ended]) -> list[str]:
    """The lines that sum up: how the one ended; of several how many succeeded, and which did not."""
    if len(ends) == 1:
        return list(lines(ends[0]))
    failed = [end for end in ends if not end.well]
    head = f"{len(ends) - len(failed)} of {len(ends)} succeeded"
    if not failed:
        return [head]
    return [
        f"{head}; {len(failed)} did not:",
        *(f"  {end.target.label}: {end.outcome.value}{_why(end)}" for end in failed),
    ]


def _why(end: Ended) -> str:
    return f": {end.why}" if end.why else ""


def _service(end: Ended) -> dict[str, Any]:
    return {
        "service": end.target.label,
        "name": end.target.name,
        "cluster": end.target.cluster.name,
        "environment": end.target.environment,
        "outcome": end.outcome.value,
        "why": end.why,
        "seconds": round(end.seconds, 1),
        "deployment": end.deployment,
        "task_definition": short(end.task_definition) or None,
        "replaced_by": end.replaced_by,
        "causes": [{"kind": cause.kind, "what": cause.what, "next_step": cause.next_step} for cause in end.causes],
    }
