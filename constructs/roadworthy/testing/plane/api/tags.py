"""TagResource, UntagResource and ListTagsForResource."""

from collections.abc import Mapping
from typing import Any

from roadworthy.testing.plane.deployer import Deployer
from roadworthy.testing.plane.names import family_and_revision
from roadworthy.testing.plane.plane import Plane
from roadworthy.testing.wire.backend import AwsError


def tag_resource(deployer: Deployer, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Add tags, or change their values."""
    tags = _tags(deployer.plane, parameters["resourceArn"])
    tags.update({tag["key"]: tag.get("value", "") for tag in parameters["tags"]})
    return {}


def untag_resource(deployer: Deployer, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Remove tags."""
    tags = _tags(deployer.plane, parameters["resourceArn"])
    for key in parameters["tagKeys"]:
        tags.pop(key, None)
    return {}


def list_tags_for_resource(deployer: Deployer, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The tags of a resource."""
    tags = _tags(deployer.plane, parameters["resourceArn"])
    return {"tags": [{"key": key, "value": value} for key, value in tags.items()]}


def _tags(plane: Plane, arn: str) -> dict[str, str]:
    if not _exists(plane, arn):
        raise AwsError("InvalidParameterException", "The specified resource is not found.")
    return plane.tags.setdefault(arn, {})


def _exists(plane: Plane, arn: str) -> bool:
    kind, _, rest = arn.rpartition(":ecs:")[2].partition("/")
    kind, names = kind.rpartition(":")[2], rest.split("/")
    cluster = plane.clusters.get(names[0])
    if kind == "task-definition":
        return plane.definition(*family_and_revision(arn)) is not None
    if kind == "cluster" or cluster is None:
        return cluster is not None
    return names[-1] in (cluster.services if kind == "service" else cluster.tasks)


OPERATIONS = {
    "TagResource": tag_resource,
    "UntagResource": untag_resource,
    "ListTagsForResource": list_tags_for_resource,
}
