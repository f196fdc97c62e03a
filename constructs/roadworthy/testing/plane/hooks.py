"""Lifecycle hooks: functions that a deployment calls and waits for, and pauses that somebody ends.

The contract: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html
and https://docs.aws.amazon.com/AmazonECS/latest/developerguide/pause-lifecycle-hooks.html
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple, NoReturn

from roadworthy.testing.plane.lambda_context import LambdaContext
from roadworthy.testing.plane.plane import Hook
from roadworthy.testing.plane.process import Steps
from roadworthy.testing.plane.rollout import GivenUp, Rollout
from roadworthy.testing.plane.state import HookRun

CALL_BACK = 30.0  # seconds, when the answer has no `callBackDelay`
LONGEST_MINUTES = 1440  # when there is no `timeoutConfiguration`
ALWAYS_FAILS = "always-fails"  # the function of `faults.hook_failure`
WAITING = ("AWAITING_ACTION", "IN_PROGRESS")


class Weights(NamedTuple):
    """The traffic of the revisions in percent, by their ARNs."""

    test: Mapping[str, float]
    production: Mapping[str, float]


def call_all(rollout: Rollout, stage: str, weights: Weights) -> Steps:
    """Call the hooks of a stage at the same time, and wait until all have passed.

    Raises:
        GivenUp: one has failed, or took too long.
    """
    configured = rollout.record.configuration.get("lifecycleHooks", [])
    calls = [_Call(rollout, stage, hook, weights) for hook in configured if stage in hook["lifecycleStages"]]
    while waiting := [call for call in calls if call.goes_on()]:
        yield from rollout.pause(min(call.next_at for call in waiting))


class _Call:
    """One hook at one stage of one deployment, from its first invocation to its end."""

    def __init__(self, rollout: Rollout, stage: str, hook: Mapping[str, Any], weights: Weights) -> None:
        self._rollout, self._plane, self._stage, self._weights = rollout, rollout.plane, stage, weights
        self._details = _parsed(hook.get("hookDetails"))
        self._run = self._begun(hook)
        self.next_at = self._plane.now()
        rollout.record.hooks.append(self._run)

    def _begun(self, hook: Mapping[str, Any]) -> HookRun:
        paused = hook.get("targetType") == "PAUSE"
        timeout = hook.get("timeoutConfiguration", {})
        return HookRun(
            id=self._plane.ids.hook("pause" if paused else "lambda"),
            target_type="PAUSE" if paused else "AWS_LAMBDA",
            target_arn=hook.get("hookTargetArn"),
            stage=self._stage,
            status="AWAITING_ACTION" if paused else "IN_PROGRESS",
            expires_at=self._plane.now() + 60.0 * timeout.get("timeoutInMinutes", LONGEST_MINUTES),
            timeout_action=timeout.get("action", "ROLLBACK"),
        )

    def goes_on(self) -> bool:
        """Invoke it if it is time; whether it is to be waited for.

        Raises:
            GivenUp: it has failed, or took too long.
        """
        run, now = self._run, self._plane.now()
        if run.status in WAITING and now >= run.expires_at:
            self._times_out()
        elif run.status == "IN_PROGRESS" and now >= self.next_at:
            self._invoke()
        elif run.status == "AWAITING_ACTION":
            self.next_at = run.expires_at
        if run.status == "FAILED":
            raise self._failure("pause hook was rolled back.")
        return run.status in WAITING

    def _times_out(self) -> None:
        self._run.status = "TIMED_OUT"
        if self._run.timeout_action == "CONTINUE":
            return
        if self._run.target_type == "PAUSE":
            raise self._failure("pause hook timed out.")
        raise self._failure(f"lifecycle hook(s) failed. Lifecycle hook target {self._run.target_arn} timed out.")

    def _invoke(self) -> None:
        """Call the function, and read its answer."""
        answer, target = self._answer(), self._run.target_arn
        status = answer.get("hookStatus") if isinstance(answer, dict) else None
        if status is None:
            self._fail(f"ECS was unable to parse the response from {target} due to HookStatus must not be null")
        if status not in {"SUCCEEDED", "IN_PROGRESS"}:
            self._fail(f"Lifecycle hook target {target} returned {status} status.")
        self._run.status = str(status)
        self._details.update(answer.get("hookDetails") or {})
        self.next_at = min(self._plane.now() + float(answer.get("callBackDelay", CALL_BACK)), self._run.expires_at)

    def _answer(self) -> Any:
        """What the function answers, by way of JSON as in AWS; None when it raises."""
        handler, event = self._handler(), self._event()
        context = LambdaContext(str(self._run.target_arn), event["executionId"])
        try:
            return json.loads(json.dumps(handler(json.loads(json.dumps(event)), context)))
        except Exception as error:  # as Lambda: whatever a function raises is an answer without a status
            self._plane.hook_errors.append(error)
            return None

    def _handler(self) -> Hook:
        target = str(self._run.target_arn)
        name = target.rpartition(":function:")[2]
        if name == ALWAYS_FAILS:
            return lambda _event, _context: {"hookStatus": "FAILED"}
        handler = self._plane.hooks.get(target) or self._plane.hooks.get(name)
        if handler is None:
            self._fail(f"ECS was unable to invoke hook target {target} due to Function not found: {target}")
        return handler

    def _event(self) -> dict[str, Any]:
        record, service = self._rollout.record, self._rollout.service
        return {
            "executionId": self._plane.ids.execution(),
            "lifecycleStage": self._stage,
            "resourceArn": record.arn,
            "executionDetails": {
                "serviceArn": service.arn,
                "targetServiceRevisionArn": record.target.revision.arn,
                "testTrafficWeights": self._weights.test,
                "productionTrafficWeights": self._weights.production,
            },
            "hookDetails": self._details,
        }

    def _fail(self, why: str) -> NoReturn:
        self._run.status = "FAILED"
        raise self._failure(f"lifecycle hook(s) failed. {why}")

    def _failure(self, why: str) -> GivenUp:
        return GivenUp(f"Service deployment rolled back because {self._stage} {why}")


def _parsed(details: Any) -> dict[str, Any]:
    """The static details of a hook: an object, or one as JSON text."""
    if isinstance(details, str):
        details = json.loads(details)
    return dict(details or {})
