"""A service deployment under way: what it waits for, what ends it early, how it goes back.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from roadworthy.local.deployments import events, stages
from roadworthy.local.deployments.events import COMPLETED, FAILED, IN_PROGRESS
from roadworthy.local.deployments.given_up import GivenUpError, ReplacedError
from roadworthy.local.deployments.records import ServiceDeployment
from roadworthy.local.shims.internals import cloudwatch, ecs, responses

_LOOK = 0.1  # seconds between two looks
_BROKEN = "Service deployment rolled back because the circuit breaker threshold was exceeded."
_ALARMS = "Service deployment rolled back because of one or more active alarms."
_NO_CANDIDATE = "No rollback candidate was found to run the rollback."
_REPLACED = "Replaced by a new service deployment."
_log = logging.getLogger(__name__)


def start(record: ServiceDeployment, *, port: int) -> None:
    """Let a deployment go on by itself."""
    scope = (responses.get_account_id(), responses.get_region())
    run = Rollout(record, scope, port=port).run
    threading.Thread(target=run, name="service-deployment", daemon=True).start()


class Rollout:
    """One deployment and its thread; `port` is the emulator's, `scope` its account and region."""

    def __init__(self, record: ServiceDeployment, scope: tuple[str, str], *, port: int) -> None:
        self.record, self.scope, self.port = record, scope, port
        self.cluster = record.key.partition("/")[0]
        self._going_back = False

    def run(self) -> None:
        """From beginning to end."""
        with responses.request_scope(*self.scope):
            try:
                self._deploy_or_go_back()
            except ReplacedError:
                self.record.move("STOPPED", _REPLACED)

    def _deploy_or_go_back(self) -> None:
        try:
            self._deploy()
        except GivenUpError as failure:
            self._give_up(failure)

    def _deploy(self) -> None:
        self.record.red_alarms = self._red_alarms()
        self.record.move("IN_PROGRESS")
        events.tell(self.record, IN_PROGRESS)
        if self.record.shifts_traffic:
            stages.go_through(self)
        self.until(lambda: self._is_alone(self.record.entry))
        self.record.move("SUCCESSFUL")
        events.tell(self.record, COMPLETED)

    def wait(self, seconds: float) -> None:
        """Wait, unless the deployment is given up."""
        end = time.monotonic() + seconds
        self.until(lambda: time.monotonic() >= end)

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is so, unless the deployment is given up."""
        self._check()
        while not condition():
            time.sleep(_LOOK)
            self._check()

    def _check(self) -> None:
        service = ecs._services.get(self.record.key)
        if service is None or service["status"] != "ACTIVE":
            raise ReplacedError
        if self._going_back:
            return
        if self.record.entry["rolloutState"] == "FAILED":
            breaker = self.record.configuration.get("deploymentCircuitBreaker") or {}
            raise GivenUpError(_BROKEN, roll_back=bool(breaker.get("rollback")))
        if self.record.entry["status"] != "PRIMARY":
            raise ReplacedError
        if self.record.status == "ROLLBACK_REQUESTED":
            raise GivenUpError("Service deployment rolled back because a rollback was requested.")
        if self.record.status == "STOP_REQUESTED":
            raise GivenUpError("Service deployment stopped because a stop was requested.", roll_back=False)
        if set(self._red_alarms()) - set(self.record.red_alarms):  # one that was red at the start is ignored
            raise GivenUpError(_ALARMS)

    def _red_alarms(self) -> list[str]:
        alarms = self.record.configuration.get("alarms") or {}
        names = alarms.get("alarmNames") or [] if alarms.get("enable") else []
        return [name for name in names if (cloudwatch._alarms.get(name) or {}).get("StateValue") == "ALARM"]

    def _give_up(self, failure: GivenUpError) -> None:
        """Bring the last completed deployment back, as ministack does when its circuit breaker opens."""
        _log.warning("%s: %s", self.record.arn, failure)
        self._going_back = True
        events.tell(self.record, FAILED, str(failure))
        if not failure.roll_back:
            self.record.stopped_at = time.time()
            self._fail(str(failure))
            self.record.move("STOPPED", str(failure))
            return
        back = self._back()
        self.record.rollback = {"reason": str(failure), "startedAt": time.time()}
        self.record.move("ROLLBACK_IN_PROGRESS", str(failure))
        if self.record.blue is None or back is None:
            self._fail(str(failure))
            self.record.move("ROLLBACK_FAILED", _NO_CANDIDATE)
            return
        self.record.rollback["serviceRevisionArn"] = back["_revision"]
        if self.record.shifts_traffic:
            stages.go_back(self)
        self._swap(back, str(failure))
        self.until(lambda: self._is_alone(back) or back["status"] != "PRIMARY")
        self.record.move("ROLLBACK_SUCCESSFUL", str(failure))

    def _is_alone(self, entry: dict[str, Any]) -> bool:
        """Whether a deployment is complete and no task of another one runs."""
        others = (one for one in ecs._services[self.record.key]["deployments"] if one is not entry)
        return entry["rolloutState"] == "COMPLETED" and not any(one["runningCount"] for one in others)

    def _back(self) -> dict[str, Any] | None:
        """What is to come back: ministack's entry of the last completed deployment."""
        service = ecs._services[self.record.key]
        others = (one for one in service["deployments"] if one is not self.record.entry)
        return next((one for one in others if one["rolloutState"] == "COMPLETED" or one["status"] == "PRIMARY"), None)

    def _fail(self, reason: str) -> None:
        entry = self.record.entry
        if entry["rolloutState"] != "FAILED":
            entry.update(rolloutState="FAILED", rolloutStateReason=reason, desiredCount=0, updatedAt=ecs._iso())

    def _swap(self, back: dict[str, Any], reason: str) -> None:
        """Make `back` the primary deployment; its tasks live still."""
        key, service = self.record.key, ecs._services[self.record.key]
        self.record.may_start = self.record.may_finish = True
        with ecs.resource_lock("ecs-service", key):
            self._fail(reason)
            if back["status"] != "PRIMARY":
                self.record.entry["status"] = "ACTIVE"
                back.update(
                    status="PRIMARY", desiredCount=service["desiredCount"], rolloutState="IN_PROGRESS",
                    rolloutStateReason="ECS deployment rollback in progress.", updatedAt=ecs._iso(),
                )  # fmt: skip
                service["taskDefinition"] = back["taskDefinition"]
        ecs._reconcile_service_tasks(self.cluster, key)
        ecs._schedule_service_deployment_completion(self.cluster, key, *self.scope)
