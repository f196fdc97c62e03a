"""How raw ECS files that are given together belong together: by family, by target group name, or as the only ones.

Repositories keep a task definition and a service definition side by side; ecspresso's service definitions do not even
name the family. Where names are written they decide; where none is, the only candidate in the folder is meant.
"""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from roadworthy.template.model.properties import Known, texts
from roadworthy.template.model.resource import Resource
from roadworthy.template.pattern import Pattern

if TYPE_CHECKING:
    from roadworthy.template.model.service import Service
    from roadworthy.template.model.target_group import TargetGroup
    from roadworthy.template.model.task_definition import TaskDefinition
    from roadworthy.template.node import Node

R = TypeVar("R", bound=Resource)

FAMILY = Pattern(r"^(?:arn:[^/]*:task-definition/)?(?P<family>[A-Za-z0-9_-]{1,255})(?::\d+)?$")
# Of an ARN that is a placeholder the name may still be known.
TARGET_GROUP = Pattern(r"targetgroup/(?P<name>[A-Za-z0-9-]{1,32})(?:/|$)")


def task_definitions_of(service: "Service") -> "list[Known[TaskDefinition]]":
    """The task definitions among the raw files that a raw service definition runs."""
    named = texts(service.node, "TaskDefinition")
    candidates = service.model.raw_task_definitions
    match = FAMILY.match(named[0].value) if named else None
    found = [each for each in candidates if match and any(known.value == match["family"] for known in each.families)]
    if not found and (match is None or not _has_name(candidates)):
        found = _only_one(service, candidates, service.model.raw_services)
    return [Known(each, service.node, service.when) for each in found]


def target_groups_of(service: "Service", entry: "Node") -> "list[Known[TargetGroup]]":
    """The target groups among the raw files that an entry of a raw service definition's `loadBalancers` means."""
    named = texts(entry, "TargetGroupArn")
    candidates = service.model.raw_target_groups
    match = TARGET_GROUP.search(named[0].value) if named else None
    if match:
        found = [each for each in candidates if match["name"] in _names(each)]
        if not found and any(_names(each) for each in candidates):
            return []
    else:
        found = []
    if not found and len(service.load_balancers) == 1:
        found = _only_one(service, candidates, service.model.raw_services)
    return [Known(each, entry, service.when) for each in found]


def _names(group: "TargetGroup") -> set[str]:
    return {known.value for name in ("Name", "TargetGroupName") for known in texts(group.node, name)}


def _has_name(candidates: "Sequence[TaskDefinition]") -> bool:
    return any(each.families for each in candidates)


def _only_one(service: "Service", candidates: Sequence[R], services: "Sequence[Service]") -> list[R]:
    """The one candidate in the service's folder, if there the service is the only one as well."""
    folder = os.path.dirname(service.document.file)
    near = [each for each in candidates if os.path.dirname(each.document.file) == folder]
    rivals = [each for each in services if os.path.dirname(each.document.file) == folder]
    return near if len(near) == 1 and len(rivals) == 1 else []
