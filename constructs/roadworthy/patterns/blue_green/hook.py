"""A function of your own that a deployment asks."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from typing import Any

import aws_cdk as cdk

from roadworthy.patterns.blue_green.part import LifecycleHook, Part, Wait
from roadworthy.patterns.blue_green.site import Site
from roadworthy.patterns.blue_green.stages import LifecycleStage, TimeoutAction
from roadworthy.patterns.blue_green.times import refuse_seconds
from roadworthy.patterns.deployment.error import InvalidDeploymentError
from roadworthy.patterns.interfaces import AnyFunction

_DAY = 86_400  # seconds; the longest time-out
_MINUTE = 60


@dataclasses.dataclass(frozen=True, kw_only=True)
class Hook(Part):
    """Made by `function`. ECS may call it with a role of the service, and nothing else.

    It answers `{"hookStatus": "SUCCEEDED"}`, `"FAILED"`, which makes the deployment go back, or `"IN_PROGRESS"` with
    `"callBackDelay": 30`, to be asked again after so many seconds. An error, and no answer in time, count as `FAILED`.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html

    Attributes:
        target: the function.
        stages: at which ECS asks it. All hooks of a stage are asked at the same time; those of `TEST_TRAFFIC_SHIFT` and
            `PRODUCTION_TRAFFIC_SHIFT` once more when a deployment goes back.
        timeout: how long it may take in all, 1 to 1,440 whole minutes; it counts in the time that both versions run.
        on_timeout: what then follows.
        details: what it is told besides, as `hookDetails`.

    Raises:
        InvalidDeploymentError: no function, no stage or one twice, a timeout out of its range, or details that are no
            JSON.
    """

    target: AnyFunction
    stages: Sequence[LifecycleStage]
    timeout: cdk.Duration
    on_timeout: TimeoutAction = TimeoutAction.ROLLBACK
    details: Mapping[str, Any] | None = None

    @classmethod
    def function(
        cls,
        target: AnyFunction,
        *stages: LifecycleStage,
        timeout: cdk.Duration,
        on_timeout: TimeoutAction = TimeoutAction.ROLLBACK,
        details: Mapping[str, Any] | None = None,
    ) -> "Hook":
        """A function, or an alias or version of one, and the stages at which it is asked."""
        return cls(target=target, stages=stages, timeout=timeout, on_timeout=on_timeout, details=details)

    def __post_init__(self) -> None:
        if not hasattr(self.target, "function_arn"):
            raise InvalidDeploymentError(f"hook {self.target!r} is no Lambda function")
        wrong = [stage for stage in self.stages if not isinstance(stage, LifecycleStage)]
        if wrong or not self.stages or len(set(self.stages)) < len(self.stages):
            raise InvalidDeploymentError(f"hook stages {list(self.stages)!r}: name each LifecycleStage once")
        refuse_seconds("hook timeout", self.timeout, _MINUTE, _DAY)
        if self._seconds % _MINUTE:
            raise InvalidDeploymentError(f"hook timeout = {self._seconds} s is not a whole number of minutes")
        if not isinstance(self.on_timeout, TimeoutAction):
            raise InvalidDeploymentError(f"hook on_timeout = {self.on_timeout!r} is no TimeoutAction")
        self._details()

    def waits(self) -> list[Wait]:
        """See `Part`."""
        name = self.target.node.id
        return [Wait(stage=stage, what=f"hook {name}", seconds=self._seconds) for stage in self.stages]

    def hooks(self, site: Site) -> list[LifecycleHook]:
        """See `Part`."""
        return [
            LifecycleHook(
                stages=self.stages,
                function_arn=self.target.function_arn,
                minutes=self._seconds // _MINUTE,
                on_timeout=self.on_timeout,
                details=self._details(),
            )
        ]

    @property
    def _seconds(self) -> int:
        return int(self.timeout.to_seconds())

    def _details(self) -> str | None:
        if self.details is None:
            return None
        if not isinstance(self.details, Mapping):
            raise InvalidDeploymentError(f"hook details {self.details!r} are no mapping of names")
        try:
            return json.dumps(dict(self.details), sort_keys=True, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise InvalidDeploymentError(f"hook details are no JSON: {error}") from None
