"""Ticks seen by task scale-in protection: a worker protects its task as long as a tick runs.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html
It needs no table, but it only looks: a tick may begin between the look and the switch. The lease closes that gap.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from deployment_hook.hook import Invocation
from deployment_tick_guard import rollout

if TYPE_CHECKING:
    from mypy_boto3_ecs import ECSClient

_AT_ONCE = 100  # tasks that GetTaskProtection and DescribeTasks take


def protected(ecs: "ECSClient", invocation: Invocation) -> list[str]:
    """The protected tasks of the old version, by their ARNs. Raises botocore's exceptions."""
    held = [task for some in _running(ecs, invocation) for task in _held(ecs, invocation.cluster, some)]
    if not held:
        return []
    found = [
        task
        for first in range(0, len(held), _AT_ONCE)
        for task in ecs.describe_tasks(cluster=invocation.cluster, tasks=held[first : first + _AT_ONCE])["tasks"]
    ]
    new = _NewVersion(ecs, invocation)
    return sorted(task["taskArn"] for task in found if not new.runs(task))


class _NewVersion:
    """Both versions' tasks are in one service; ECS does not say which is whose.

    The new one's have the task definition of the new revision, and exist since the deployment began. A deployment
    that changes no task definition leaves only the second sign.
    """

    def __init__(self, ecs: "ECSClient", invocation: Invocation) -> None:
        revisions = ecs.describe_service_revisions(serviceRevisionArns=[invocation.revision])["serviceRevisions"]
        self._definition = revisions[0].get("taskDefinition") if revisions else None
        self._began = rollout.began(ecs, invocation.deployment)

    def runs(self, task: Mapping[str, Any]) -> bool:
        """Whether a task is the new version's."""
        created = task.get("createdAt")
        return task["taskDefinitionArn"] == self._definition and bool(
            created and self._began and created >= self._began
        )


def _running(ecs: "ECSClient", invocation: Invocation) -> Iterator[list[str]]:
    asked: dict[str, Any] = {
        "cluster": invocation.cluster,
        "serviceName": invocation.service.rpartition("/")[2],
        "maxResults": _AT_ONCE,
    }
    while True:
        page = ecs.list_tasks(**asked)
        if page["taskArns"]:
            yield page["taskArns"]
        if not page.get("nextToken"):
            return
        asked["nextToken"] = page["nextToken"]


def _held(ecs: "ECSClient", cluster: str, tasks: list[str]) -> list[str]:
    """Those that are protected; a task that has stopped meanwhile is among the failures, and is not."""
    found = ecs.get_task_protection(cluster=cluster, tasks=tasks)["protectedTasks"]
    return [each["taskArn"] for each in found if each.get("protectionEnabled")]
