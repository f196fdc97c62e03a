"""`history`: the deployments of a service in the last 90 days, as ECS has them, with what the records add."""

from dataclasses import dataclass
from datetime import datetime

from roadworthy.operations.aws import Aws
from roadworthy.operations.ecs.service_deployment import ServiceDeployment
from roadworthy.operations.errors import OperationError
from roadworthy.operations.image_reference import version_of
from roadworthy.operations.place import Target
from roadworthy.operations.records.record import Record
from roadworthy.operations.records.table import RecordTable


@dataclass(frozen=True)
class Past:
    """A deployment.

    Attributes:
        id, arn: the service deployment's.
        status: as ECS names it, in words: "successful", "rollback successful".
        created: when it began.
        seconds: how long it took; None while it goes on.
        task_definition: what was rolled out, "api-stage:12"; empty where ECS has forgotten it.
        image: the version of its first container's image.
        why: ECS's words for the status.
        record: the id of its record; empty without one.
        who: who started it, as the record has it.
        commit: likewise.
    """

    id: str
    arn: str
    status: str
    created: datetime | None
    seconds: float | None
    task_definition: str
    image: str
    why: str
    record: str
    who: str
    commit: str


def history(target: Target, records: list[Record], limit: int) -> list[Past]:
    """The newest deployments, newest first.

    Raises:
        OperationError: the service does not exist, or AWS cannot be asked.
    """
    target.cluster.service(target.name)  # an unknown one is told as such
    deployments = target.cluster.deployments_of(target.name)[:limit]
    revisions = target.cluster.revisions([each.target.arn for each in deployments if each.target])
    recorded = {of.deployment: record for record in records for of in record.targets if of.deployment}
    return [_past(each, revisions, recorded.get(each.arn)) for each in deployments]


def recorded(aws: Aws, table: str, environment: str, service: str, limit: int) -> tuple[list[Record], str]:
    """The records of a service; none, and why, where they cannot be read."""
    try:
        return RecordTable(aws, table).of_environment(environment, limit=limit, service=service), ""
    except OperationError as error:
        return [], str(error)


def _past(each: ServiceDeployment, revisions: dict[str, dict[str, object]], record: Record | None) -> Past:
    revision = revisions.get(each.target.arn, {}) if each.target else {}
    images = revision.get("containerImages")
    image = images[0].get("image", "") if isinstance(images, list) and images else ""
    ended = each.finished or each.raw.get("stoppedAt")
    return Past(
        id=each.id,
        arn=each.arn,
        status=each.status.replace("_", " ").lower(),
        created=each.created,
        seconds=(ended - each.created).total_seconds() if ended and each.created else None,
        task_definition=str(revision.get("taskDefinition", "")).rpartition("/")[2],
        image=version_of(image) if image else "",
        why=each.reason,
        record=record.id if record else "",
        who=record.who if record else "",
        commit=record.commit if record else "",
    )
