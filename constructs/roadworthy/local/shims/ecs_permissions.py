"""What IAM decides on when ECS or EventBridge Scheduler is called.

Lack: an ECS call that names a cluster is authorized for that cluster, any other for `*`; a schedule counts as one of
    the group `default`; the condition key `ecs:cluster` is not there.
Effect: a role that may run one task definition, or describe one service's deployments, is denied; so is one that may
    make schedules in a group of its own.
Shim: each of these actions is authorized for the resource that AWS names for it, with the cluster as `ecs:cluster`.
Faithful: to the Service Authorization Reference for the actions of a list below; of several resources in one call the
    first is decided on. iam:PassRole is not asked.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
"""

import json
from typing import Any

from roadworthy.local.shims import Settings
from roadworthy.local.shims.internals import ecs, iam_actions, responses

# Action -> the parameter that names its resource, and the kind of an ARN that is made from a name.
_NAMED = {
    "ContinueServiceDeployment": ("serviceDeploymentArn", ""),
    "CreateService": ("serviceName", "service"),
    "DeleteService": ("service", "service"),
    "DescribeServiceDeployments": ("serviceDeploymentArns", ""),
    "DescribeServiceRevisions": ("serviceRevisionArns", ""),
    "DescribeServices": ("services", "service"),
    "DescribeTasks": ("tasks", "task"),
    "GetTaskProtection": ("tasks", "task"),
    "ListServiceDeployments": ("service", "service"),
    "RunTask": ("taskDefinition", ""),
    "StopServiceDeployment": ("serviceDeploymentArn", ""),
    "StopTask": ("task", "task"),
    "UpdateService": ("service", "service"),
    "UpdateTaskProtection": ("tasks", "task"),
}
_ANY = {"ListServices", "ListTaskDefinitions", "ListTasks", "RegisterTaskDefinition", "DescribeTaskDefinition"}


def install(_: Settings) -> None:
    """Name the resource, and the cluster."""
    extract, context = iam_actions.extract_resource_arn, iam_actions.request_tag_context

    def extracted(service: str, *request: Any) -> str:
        _method, path, headers, body, query = request[:5]
        if service == "ecs":
            resource = _ecs_resource(headers.get("x-amz-target", "").rpartition(".")[2], _document(body))
        else:
            resource = _schedule(path, query, _document(body)) if service == "scheduler" else None
        return resource or str(extract(service, *request))

    def with_cluster(service: str, action: str, body: bytes, *rest: Any) -> dict[str, Any]:
        keys: dict[str, Any] = context(service, action, body, *rest)
        return {**keys, "ecs:cluster": _arn("cluster", _cluster(_document(body)))} if service == "ecs" else keys

    iam_actions.extract_resource_arn = extracted
    iam_actions.request_tag_context = with_cluster


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body or b"{}")
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _ecs_resource(action: str, request: dict[str, Any]) -> str | None:
    """The ARN that an ECS action is authorized for; None: as ministack has it."""
    if action in _ANY:
        return "*"
    parameter, kind = _NAMED.get(action, ("", ""))
    value = request.get(parameter)
    name = value[0] if isinstance(value, list) and value else value
    if not isinstance(name, str):
        return None
    if name.startswith("arn:"):
        return name
    if action == "RunTask":
        definition = ecs._task_defs.get(ecs._resolve_td_key(name)) or {}
        return str(definition.get("taskDefinitionArn") or _arn("task-definition", name))
    return _arn(kind, f"{_cluster(request)}/{name}")


def _cluster(request: dict[str, Any]) -> str:
    return str(request.get("cluster") or "default").rpartition("/")[2]


def _arn(kind: str, name: str) -> str:
    return f"arn:aws:ecs:{responses.get_region()}:{responses.get_account_id()}:{kind}/{name}"


def _schedule(path: str, query: Any, request: dict[str, Any]) -> str | None:
    """The ARN of the schedule of a path such as `/schedules/nightly`."""
    parts = path.strip("/").split("/")
    if len(parts) != 2 or parts[0] != "schedules":  # noqa: PLR2004
        return None
    asked = query.get("groupName") or "default"
    group = request.get("GroupName") or (asked[0] if isinstance(asked, list) else asked)
    place = f"{responses.get_region()}:{responses.get_account_id()}"
    return f"arn:aws:scheduler:{place}:schedule/{group}/{parts[1]}"
