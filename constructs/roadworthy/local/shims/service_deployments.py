"""ECS's service deployments: recorded, told, stopped, and blue/green ones played.

Lack: listing and describing service deployments and revisions answers nothing; stopping and continuing one does not
    exist; blue/green, canary and linear are rolled out as a rolling deployment is; no events are sent.
Effect: nothing that follows, gates or ends a deployment has anything to see, and no lifecycle hook is ever called.
Shim: each new deployment is recorded with its revisions. One that shifts traffic goes through its stages: green starts
    beside blue in the other target group, hooks are invoked by their role or wait for ContinueServiceDeployment, the
    rules' weights change, blue goes after the bake time; a hook that fails, an alarm or StopServiceDeployment brings
    blue back. EventBridge tells of the beginning and the end.
Faithful: to stages, hooks, weights, statuses and rollback. A minute of bake or step time is a second; a stage takes no
    time of its own; hooks are not called again on the way back; DescribeServices does not name the current one.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
"""

from typing import Any

from roadworthy.local.deployments import answers, groups, records, rollout
from roadworthy.local.deployments.hooks import WAITING
from roadworthy.local.shims import Settings
from roadworthy.local.shims.internals import ecs, responses

Request = dict[str, Any]
_CONTINUING = "Continuing a service deployment is not allowed for service deployment in terminal states."
_STOPPING = "Stopping a service deployment is not allowed for service deployment in terminal states."
_HOOK = "Provided hookId is either completed, unavailable, or not associated with the given Resource ARN"


def install(settings: Settings) -> None:
    """Answer the calls, and let new deployments begin."""
    ecs._ACTION_MAP.update(
        ListServiceDeployments=_list,
        DescribeServiceDeployments=_describe,
        DescribeServiceRevisions=_describe_revisions,
        StopServiceDeployment=_stop,
        ContinueServiceDeployment=_continue,
    )
    reconcile, complete, publish = (
        ecs._reconcile_service_tasks, ecs._complete_service_deployment, ecs._sync_service_targets,
    )  # fmt: skip

    def reconciled(cluster: str, key: str) -> None:
        _begin(key, settings.port)
        record = records.current(key)
        if record is None or record.may_start:
            reconcile(cluster, key)

    def completed(cluster: str, key: str, expected_deployment_id: str | None = None) -> None:
        record = records.current(key)
        if record is None or record.may_finish:
            complete(cluster, key, expected_deployment_id)

    def published(cluster: str, service: dict[str, Any]) -> None:
        if any(len(groups.pair(one)) > 1 for one in service.get("loadBalancers") or []):
            groups.publish(service)
        else:
            publish(cluster, service)

    ecs._reconcile_service_tasks, ecs._complete_service_deployment = reconciled, completed
    ecs._sync_service_targets = published


def _begin(key: str, port: int) -> None:
    """Record the service's primary deployment, if it is new, and let it go on."""
    with ecs.resource_lock("service-deployments", key):
        service = ecs._services.get(key) or {}
        primary = ecs._primary_deployment(service)
        if primary is None or "_revision" in primary:
            return
        record = records.begin(key, service, primary)
    rollout.start(record, port=port)


def _list(request: Request) -> Any:
    name, _, cluster = str(request.get("service", "")).rpartition(":service/")[2].rpartition("/")[::-1]
    key = f"{cluster or str(request.get('cluster', 'default')).rpartition('/')[2]}/{name}"
    service = ecs._services.get(key)
    if service is None:
        return responses.error_response_json("ServiceNotFoundException", "Service not found.", 400)
    created = request.get("createdAt") or {}
    found = [
        record
        for record in records.of(service)
        if (not request.get("status") or record.status in request["status"])
        and float(created.get("after") or 0) <= record.created_at <= float(created.get("before") or "inf")
    ]
    return _page([answers.brief(record) for record in found], request)


def _page(found: list[dict[str, Any]], request: Request) -> Any:
    start, most = int(request.get("nextToken") or 0), int(request.get("maxResults") or 20)
    more = {"nextToken": str(start + most)} if start + most < len(found) else {}
    return responses.json_response({"serviceDeployments": found[start : start + most], **more})


def _describe(request: Request) -> Any:
    found = {arn: records.deployments.get(arn) for arn in request.get("serviceDeploymentArns", [])}
    return responses.json_response({
        "serviceDeployments": [answers.whole(one) for one in found.values() if one],
        "failures": [_missing(arn) for arn, one in found.items() if not one],
    })  # fmt: skip


def _describe_revisions(request: Request) -> Any:
    found = {arn: records.revisions.get(arn) for arn in request.get("serviceRevisionArns", [])}
    return responses.json_response({
        "serviceRevisions": [answers.revision(one) for one in found.values() if one],
        "failures": [_missing(arn) for arn, one in found.items() if not one],
    })  # fmt: skip


def _missing(arn: str) -> dict[str, str]:
    return {"arn": arn, "reason": "MISSING"}


def _stop(request: Request) -> Any:
    record = records.deployments.get(request.get("serviceDeploymentArn", ""))
    if record is None:
        return _not_found()
    if not record.live:
        return responses.error_response_json("ConflictException", _STOPPING, 400)
    if record.status in ("PENDING", "IN_PROGRESS"):
        record.move("STOP_REQUESTED" if request.get("stopType") == "ABORT" else "ROLLBACK_REQUESTED")
    return responses.json_response({"serviceDeploymentArn": record.arn})


def _continue(request: Request) -> Any:
    record = records.deployments.get(request.get("serviceDeploymentArn", ""))
    if record is None:
        return _not_found()
    if not record.live:
        return responses.error_response_json("InvalidParameterException", _CONTINUING, 400)
    hook = next((one for one in record.hooks if one.id == request.get("hookId")), None)
    if hook is None or hook.kind != "PAUSE" or hook.status not in WAITING:
        return responses.error_response_json("InvalidParameterException", _HOOK, 400)
    hook.status = "FAILED" if request.get("action") == "ROLLBACK" else "SUCCEEDED"
    return responses.json_response({"serviceDeploymentArn": record.arn})


def _not_found() -> Any:
    return responses.error_response_json("ServiceDeploymentNotFoundException", "Service deployment not found.", 400)
