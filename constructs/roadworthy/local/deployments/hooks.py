"""Lifecycle hooks: functions that a deployment calls and waits for, and pauses that somebody ends.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/pause-lifecycle-hooks.html
"""

import json
import time
import uuid
from typing import TYPE_CHECKING, Any

from roadworthy.local import isolation
from roadworthy.local.deployments.given_up import GivenUpError
from roadworthy.local.deployments.records import HookRun
from roadworthy.local.fargate.role_session import credentials
from roadworthy.local.names import base_url

if TYPE_CHECKING:
    from roadworthy.local.deployments.rollout import Rollout

_CALL_BACK = 30.0  # seconds, when the answer has no `callBackDelay`
_LONGEST_MINUTES = 1440
_TESTED = ("TEST_TRAFFIC_SHIFT", "POST_TEST_TRAFFIC_SHIFT")
WAITING = ("AWAITING_ACTION", "IN_PROGRESS")


def call_all(rollout: "Rollout", stage: str) -> None:
    """Call the hooks of a stage, and wait until all have passed; the delays and time-outs are real seconds.

    Raises:
        GivenUpError: one has failed, or took too long.
    """
    configured = rollout.record.configuration.get("lifecycleHooks") or []
    calls = [_Call(rollout, stage, hook) for hook in configured if stage in hook["lifecycleStages"]]
    rollout.until(lambda: not [call for call in calls if call.goes_on()])


class _Call:
    """One hook at one stage, from its first invocation to its end."""

    def __init__(self, rollout: "Rollout", stage: str, hook: dict[str, Any]) -> None:
        self._rollout, self._stage, self._hook = rollout, stage, hook
        details = hook.get("hookDetails") or {}
        self._details = dict(json.loads(details) if isinstance(details, str) else details)
        self._next = 0.0
        paused = hook.get("targetType") == "PAUSE"
        timeout = hook.get("timeoutConfiguration") or {}
        self._run = HookRun(
            id=f"ecs-{'pause' if paused else 'lambda'}-{uuid.uuid4().hex[:16]}",
            kind="PAUSE" if paused else "AWS_LAMBDA",
            target=hook.get("hookTargetArn"),
            status="AWAITING_ACTION" if paused else "IN_PROGRESS",
            expires_at=time.time() + 60.0 * float(timeout.get("timeoutInMinutes", _LONGEST_MINUTES)),
            timeout_action=timeout.get("action", "ROLLBACK"),
        )
        rollout.record.hooks.append(self._run)

    def goes_on(self) -> bool:
        """Invoke it if it is time; whether it is to be waited for."""
        if self._run.status in WAITING and time.time() >= self._run.expires_at:
            self._run.status = "TIMED_OUT"
            if self._run.timeout_action != "CONTINUE":
                raise self._failure(f"{self._run.target or 'pause hook'} timed out.")
        elif self._run.status == "IN_PROGRESS" and time.monotonic() >= self._next:
            self._invoke()
        if self._run.status == "FAILED":
            raise self._failure("pause hook was rolled back.")
        return self._run.status in WAITING

    def _invoke(self) -> None:
        answer = self._answer()
        status = answer.get("hookStatus") if isinstance(answer, dict) else None
        if status not in ("SUCCEEDED", "IN_PROGRESS"):
            self._run.status = "FAILED"
            told = f"returned {status} status" if status else "did not answer with a hookStatus"
            raise self._failure(f"lifecycle hook(s) failed. Lifecycle hook target {self._run.target} {told}.")
        self._run.status = status
        self._details.update(answer.get("hookDetails") or {})
        self._next = time.monotonic() + float(answer.get("callBackDelay", _CALL_BACK))

    def _answer(self) -> Any:
        """What the function answers; None when it could not be called, or raised."""
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - only blue/green needs it

        try:
            answer = self._client().invoke(FunctionName=self._run.target, Payload=json.dumps(self._event()))
        except (BotoCoreError, ClientError) as error:
            self._run.status = "FAILED"
            raise self._failure(f"lifecycle hook(s) failed. ECS was unable to invoke {error}") from error
        return None if "FunctionError" in answer else json.loads(answer["Payload"].read())

    def _client(self) -> Any:
        """A Lambda client of the hook's role, which must be allowed to invoke the function."""
        from botocore.config import Config  # noqa: PLC0415 - as above

        account, region = self._rollout.scope
        role = str(self._hook.get("roleArn", "")).rpartition("/")[2]
        key, secret, token = credentials(role, account, "ecs-lifecycle-hook")
        patient = Config(read_timeout=910, retries={"total_max_attempts": 1}, proxies={})
        return isolation.session(region).client(
            "lambda", endpoint_url=base_url(self._rollout.port), config=patient,
            aws_access_key_id=key, aws_secret_access_key=secret, aws_session_token=token,
        )  # fmt: skip

    def _event(self) -> dict[str, Any]:
        record = self._rollout.record
        service = record.arn.replace(":service-deployment/", ":service/").rpartition("/")[0]
        return {
            "executionId": str(uuid.uuid4()),
            "lifecycleStage": self._stage,
            "resourceArn": record.arn,
            "executionDetails": {
                "serviceArn": service,
                "targetServiceRevisionArn": record.target.arn,
                "testTrafficWeights": record.test if self._stage in _TESTED else {},
                "productionTrafficWeights": record.production,
            },
            "hookDetails": self._details,
        }

    def _failure(self, why: str) -> GivenUpError:
        return GivenUpError(f"Service deployment rolled back because {self._stage} {why}")
