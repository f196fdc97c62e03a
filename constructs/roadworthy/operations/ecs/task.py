"""A task, as DescribeTasks tells of it. ECS forgets a stopped one after about an hour.

Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Raw = Mapping[str, Any]


@dataclass(frozen=True)
class TaskContainer:
    """A container of a task.

    Attributes:
        name: its name in the task definition.
        status: "PENDING", "RUNNING", "STOPPED".
        health: "HEALTHY", "UNHEALTHY" or "UNKNOWN".
        exit_code: of its process; None while it runs, and when it never ran.
        reason: why it stopped, where ECS knows more than the exit code, such as "OutOfMemoryError: ...".
        image: as the task definition names it.
    """

    name: str
    status: str
    health: str
    exit_code: int | None
    reason: str
    image: str


@dataclass(frozen=True)
class Task:
    """A task.

    Attributes:
        arn: its ARN.
        status: "PROVISIONING", "PENDING", "ACTIVATING", "RUNNING", "DEACTIVATING", "STOPPING", "DEPROVISIONING" or
            "STOPPED".
        desired_status: what ECS wants it to be.
        health: "HEALTHY", "UNHEALTHY" or "UNKNOWN", of all its essential containers that have a health check.
        task_definition: the ARN.
        started_by: who started it; of a service's tasks the id of the rollout.
        stop_code: "TaskFailedToStart", "EssentialContainerExited", "ServiceSchedulerInitiated" ...; empty while it
            runs.
        stopped_reason: why it stopped, in ECS's words.
        containers: in the order of the answer.
        created, started, stopped: when.
        raw: all that AWS said.
    """

    arn: str
    status: str
    desired_status: str
    health: str
    task_definition: str
    started_by: str
    stop_code: str
    stopped_reason: str
    containers: tuple[TaskContainer, ...]
    created: datetime | None
    started: datetime | None
    stopped: datetime | None
    raw: Raw = field(repr=False, compare=False)

    @classmethod
    def parse(cls, raw: Raw) -> "Task":
        """Read one."""
        return cls(
            arn=raw.get("taskArn", ""),
            status=raw.get("lastStatus", ""),
            desired_status=raw.get("desiredStatus", ""),
            health=raw.get("healthStatus", "UNKNOWN"),
            task_definition=raw.get("taskDefinitionArn", ""),
            started_by=raw.get("startedBy", ""),
            stop_code=raw.get("stopCode", ""),
            stopped_reason=raw.get("stoppedReason", ""),
            containers=tuple(_container(each) for each in raw.get("containers") or []),
            created=raw.get("createdAt"),
            started=raw.get("startedAt"),
            stopped=raw.get("stoppedAt") or raw.get("stoppingAt"),
            raw=raw,
        )

    @property
    def id(self) -> str:
        """The last part of the ARN."""
        return self.arn.rpartition("/")[2]


def _container(raw: Raw) -> TaskContainer:
    return TaskContainer(
        name=raw.get("name", ""),
        status=raw.get("lastStatus", ""),
        health=raw.get("healthStatus", "UNKNOWN"),
        exit_code=raw.get("exitCode"),
        reason=raw.get("reason", ""),
        image=raw.get("image", ""),
    )
