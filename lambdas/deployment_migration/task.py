"""The migration's task in ECS: started once for a deployment, found again, looked at, stopped.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from deployment_hook.hook import Invocation
from deployment_hook.troubles import code
from deployment_migration.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_ecs import ECSClient


class NotStartedError(Exception):
    """ECS could not start the task now; it may be able to later."""


@dataclass(frozen=True)
class Exit:
    """How the migration ended; `reason` is what ECS says of it, `stopping` whether the task ends of itself."""

    succeeded: bool
    reason: str
    stopping: bool


@dataclass(frozen=True)
class MigrationTask:
    """The task of one deployment. All methods raise botocore's exceptions."""

    ecs: "ECSClient"
    invocation: Invocation
    settings: Settings

    def find(self) -> str | None:
        """The ARN of a running task that an earlier invocation has started, whose answer did not reach ECS.

        One that has stopped is found by its token instead: `start` then gives it once more.
        """
        found = self.ecs.list_tasks(cluster=self.invocation.cluster, startedBy=self._started_by).get("taskArns")
        return found[0] if found else None

    def start(self, attempt: int) -> str:
        """Start the task, once for each attempt, and give its ARN; raises NotStartedError."""
        try:
            answer = self.ecs.run_task(**self._request(attempt))
        except ClientError as error:
            known = error.response.get("resourceIds")
            if code(error) == "ConflictException" and isinstance(known, list) and known:
                return str(known[0])  # the token stands for a task that was started before
            # The only capacity error that is an exception: too many tasks of the cluster are being provisioned.
            if code(error) == "ClientException" and "capacity" in str(error).lower():
                raise NotStartedError(str(error)) from error
            raise
        if not answer.get("tasks"):
            raise NotStartedError(_failures(answer) or "RunTask gave neither a task nor a reason")
        return answer["tasks"][0]["taskArn"]

    def look(self, task: str) -> Exit | None:
        """How the migration ended; None while it runs.

        The container's exit code is known before Fargate has taken the task down, and is enough. A task that ends
        without one never ran the command.
        """
        found = self.ecs.describe_tasks(cluster=self.invocation.cluster, tasks=[task]).get("tasks", [])
        if not found:
            return None  # ECS's answers agree only after a while
        container = next((each for each in found[0]["containers"] if each["name"] == self.settings.container), None)
        exit_code = container.get("exitCode") if container else None
        stopped = found[0].get("lastStatus") == "STOPPED"
        if exit_code is None and not stopped:
            return None
        stopping = stopped or found[0].get("desiredStatus") == "STOPPED"
        return Exit(exit_code == 0, _reason(found[0], container or {}), stopping)

    def stop(self, task: str, reason: str) -> None:
        """Stop the task, if it still runs."""
        self.ecs.stop_task(cluster=self.invocation.cluster, task=task, reason=reason)

    @property
    def _started_by(self) -> str:
        return f"migration/{self.invocation.deployment.rpartition('/')[2]}"[:128]

    def _request(self, attempt: int) -> dict[str, Any]:
        revision = self._revision()
        command = {"name": self.settings.container, "command": list(self.settings.command)}
        request = {
            "cluster": self.invocation.cluster,
            "taskDefinition": revision["taskDefinition"],
            "networkConfiguration": revision.get("networkConfiguration"),
            "overrides": {"containerOverrides": [command]},
            "count": 1,
            "startedBy": self._started_by,
            "clientToken": hashlib.sha256(f"{self.invocation.deployment} {attempt}".encode()).hexdigest(),
            **_capacity(revision),
        }
        return {name: value for name, value in request.items() if value is not None}

    def _revision(self) -> Mapping[str, Any]:
        answer = self.ecs.describe_service_revisions(serviceRevisionArns=[self.invocation.revision])
        if not answer.get("serviceRevisions"):
            raise NotStartedError(f"ECS does not know {self.invocation.revision} yet: {_failures(answer)}")
        return answer["serviceRevisions"][0]


def _capacity(revision: Mapping[str, Any]) -> dict[str, Any]:
    """Where the service runs; but never on Fargate Spot, which would end a migration half-way."""
    strategy = revision.get("capacityProviderStrategy") or []
    if any(not each["capacityProvider"].startswith("FARGATE") for each in strategy):
        return {"capacityProviderStrategy": strategy}
    kind = "FARGATE" if strategy else revision.get("launchType", "FARGATE")
    return {"launchType": kind, "platformVersion": revision.get("platformVersion") if kind == "FARGATE" else None}


def _failures(answer: Mapping[str, Any]) -> str:
    return ", ".join(
        " ".join(str(failure[name]) for name in ("reason", "detail") if failure.get(name))
        for failure in answer.get("failures", [])
    )


def _reason(task: Mapping[str, Any], container: Mapping[str, Any]) -> str:
    said = {
        "exit code": container.get("exitCode", "none"),
        "container": container.get("reason"),
        "stop code": task.get("stopCode"),
        "stopped because": task.get("stoppedReason"),
    }
    return ", ".join(f"{name} {value}" for name, value in said.items() if value is not None)
