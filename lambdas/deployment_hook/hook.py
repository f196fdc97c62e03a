"""What ECS asks of a lifecycle hook, and what it is answered.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# ECS invokes these two again when it rolls back, with the weights turned round; the others it never does.
_TEST, _PRODUCTION = "TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"

Answer = dict[str, Any]


class MalformedEventError(ValueError):
    """The event is not that of a lifecycle hook; the message says what is wrong with it."""


@dataclass(frozen=True)
class Invocation:
    """One invocation of a hook.

    `deployment`, `service` and `revision` (the new one) are ARNs; the weights are per cent by a revision's ARN, empty
    where ECS gives none; `details` is what the template and the last answer left in `hookDetails`.
    """

    stage: str
    deployment: str
    service: str
    revision: str
    test_weights: Mapping[str, float]
    production_weights: Mapping[str, float]
    details: Mapping[str, Any]

    @property
    def goes_back(self) -> bool:
        """Whether traffic returns to the old revision: a hook must not stand in the way of that."""
        weights = {_TEST: self.test_weights, _PRODUCTION: self.production_weights}.get(self.stage, {})
        return weights.get(self.revision) == 0 and any(weight > 0 for weight in weights.values())

    @property
    def short(self) -> str:
        """`cluster/service/id` of the deployment."""
        return self.deployment.partition("/")[2]

    @property
    def cluster(self) -> str:
        """The cluster's name."""
        return self.service_name.split("/")[0]

    @property
    def service_name(self) -> str:
        """`cluster/service`."""
        return self.service.partition("/")[2]


def parse(event: object) -> Invocation:
    """Read an event; raises MalformedEventError."""
    top = _mapping(event, "the event")
    inner = _mapping(top.get("executionDetails"), "executionDetails")
    return Invocation(
        stage=_text(top, "lifecycleStage"),
        deployment=_arn(top, "resourceArn", "service-deployment/cluster/service/id"),
        service=_arn(inner, "serviceArn", "service/cluster/service"),
        revision=_arn(inner, "targetServiceRevisionArn", "service-revision/cluster/service/id"),
        test_weights=_weights(inner, "testTrafficWeights"),
        production_weights=_weights(inner, "productionTrafficWeights"),
        details=_details(top.get("hookDetails")),
    )


def number(details: Mapping[str, Any], name: str) -> float | None:
    """A number that an earlier answer left in the details; None when there is none.

    JSON on its way through ECS may make a text of it.
    """
    value = details.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def succeeded() -> Answer:
    """The deployment goes on."""
    return {"hookStatus": "SUCCEEDED"}


def failed() -> Answer:
    """ECS rolls the deployment back."""
    return {"hookStatus": "FAILED"}


def again(seconds: int, details: Mapping[str, Any]) -> Answer:
    """ECS invokes the hook again after so many seconds, with these details."""
    return {"hookStatus": "IN_PROGRESS", "callBackDelay": seconds, "hookDetails": dict(details)}


def _mapping(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise MalformedEventError(f"{name} is {_shown(value)}, not an object")
    return value


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    if not isinstance(value, str) or not value:
        raise MalformedEventError(f"{name} is {_shown(value)}, not a text")
    return value


def _arn(values: Mapping[str, Any], name: str, form: str) -> str:
    """An ARN whose resource has the form's first part, and as many parts."""
    value, (kind, *rest) = _text(values, name), form.split("/")
    parts = value.split(":", 5)[-1].split("/")
    if not value.startswith("arn:") or parts[0] != kind or not all(parts) or len(parts) != 1 + len(rest):
        raise MalformedEventError(f"{name} is {_shown(value)}, not an ARN of the form arn:...:{form}")
    return value


def _weights(values: Mapping[str, Any], name: str) -> dict[str, float]:
    weights = values.get(name) or {}
    return {
        revision: weight
        for revision, weight in _mapping(weights, name).items()
        if isinstance(weight, int | float) and not isinstance(weight, bool)
    }


def _details(value: object) -> Mapping[str, Any]:
    """CloudFormation takes the details as an object and as a JSON text of one."""
    if not value:
        return {}
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise MalformedEventError(f"hookDetails is {_shown(value)}, not a JSON object") from None
    return _mapping(value, "hookDetails")


def _shown(value: object) -> str:
    return "missing" if value is None else repr(value)[:100]
