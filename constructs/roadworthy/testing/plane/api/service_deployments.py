"""Service deployments and service revisions: listed, described, stopped, continued."""

import re
from collections.abc import Mapping
from typing import Any

from roadworthy.testing.plane import monitors
from roadworthy.testing.plane.api.find import missing, service_deployment, service_of
from roadworthy.testing.plane.api.pages import at_most, page
from roadworthy.testing.plane.api.services import running_and_pending
from roadworthy.testing.plane.api.times import seconds
from roadworthy.testing.plane.deployer import Deployer
from roadworthy.testing.plane.plane import Plane
from roadworthy.testing.plane.state import Revision, Service, ServiceDeployment
from roadworthy.testing.wire.backend import AwsError

MOST = 20  # in one DescribeServiceDeployments or DescribeServiceRevisions


def list_service_deployments(deployer: Deployer, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """A service's deployments, the newest first; of some statuses, or made within some time."""
    service = service_of(deployer.plane, parameters)
    statuses, created = parameters.get("status"), parameters.get("createdAt", {})
    after, before = seconds(created.get("after")), seconds(created.get("before"))
    chosen = [
        record
        for record in reversed(service.history)
        if (not statuses or record.status in statuses)
        and (after is None or record.created_at >= after)
        and (before is None or record.created_at <= before)
    ]
    records, token = page(chosen, parameters, usual=MOST)
    return {"serviceDeployments": [_brief(service, record) for record in records], "nextToken": token}


def describe_service_deployments(deployer: Deployer, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Up to twenty service deployments."""
    plane, arns = deployer.plane, parameters["serviceDeploymentArns"]
    at_most(arns, MOST, "serviceDeploymentArns")
    found = {arn: plane.service_deployments.get(arn) for arn in arns}
    return {
        "serviceDeployments": [_whole(plane, *one) for one in found.values() if one],
        "failures": [missing(arn) for arn, one in found.items() if not one],
    }


def describe_service_revisions(deployer: Deployer, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Up to twenty service revisions."""
    plane, arns = deployer.plane, parameters["serviceRevisionArns"]
    at_most(arns, MOST, "serviceRevisionArns")
    found = {arn: plane.revisions.get(arn) for arn in arns}
    return {
        "serviceRevisions": [_revision(plane, one) for one in found.values() if one],
        "failures": [missing(arn) for arn, one in found.items() if not one],
    }


def stop_service_deployment(deployer: Deployer, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Roll a deployment back (the default), or stop it; one that goes back already goes on with it.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html
    """
    service, record = service_deployment(deployer.plane, parameters["serviceDeploymentArn"])
    if not record.live:
        raise AwsError(
            "ConflictException",
            "Stopping a service deployment is not allowed for service deployment in terminal states.",
        )
    aborts = parameters.get("stopType") == "ABORT"
    deployer.request(service, "STOP_REQUESTED" if aborts else "ROLLBACK_REQUESTED")
    return {"serviceDeploymentArn": record.arn}


def continue_service_deployment(deployer: Deployer, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """End a pause: go on (the default), or roll back.

    The refusals: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html
    """
    service, record = service_deployment(deployer.plane, parameters["serviceDeploymentArn"])
    hook = parameters["hookId"]
    if not re.fullmatch("ecs-[a-z]+-.+", hook):
        text = "Invalid hookId: hookId must follow the format: ecs-{hookType}-{id}"
        raise AwsError("InvalidParameterException", text)
    if not record.live:
        text = "Continuing a service deployment is not allowed for service deployment in terminal states."
        raise AwsError("InvalidParameterException", text)
    run = next((one for one in record.hooks if one.id == hook), None)
    if run is None or run.status != "AWAITING_ACTION":
        text = "Provided hookId is either completed, unavailable, or not associated with the given Resource ARN"
        raise AwsError("InvalidParameterException", text)
    run.status = "FAILED" if parameters.get("action") == "ROLLBACK" else "SUCCEEDED"
    if service.rollout:
        service.rollout.poke()
    return {"serviceDeploymentArn": record.arn}


def _brief(service: Service, record: ServiceDeployment) -> dict[str, Any]:
    return {
        "serviceDeploymentArn": record.arn,
        "serviceArn": service.arn,
        "clusterArn": service.cluster.arn,
        "createdAt": record.created_at,
        "startedAt": record.started_at,
        "finishedAt": record.finished_at,
        "targetServiceRevisionArn": record.target.revision.arn,
        "status": record.status,
        "statusReason": record.reason or None,
    }


def _whole(plane: Plane, service: Service, record: ServiceDeployment) -> dict[str, Any]:
    brief = {name: value for name, value in _brief(service, record).items() if name != "targetServiceRevisionArn"}
    sources = [one.revision for one in record.sources]
    return {
        **brief,
        "stoppedAt": record.stopped_at,
        "updatedAt": record.updated_at,
        "sourceServiceRevisions": [_summary(plane, service, one) for one in dict.fromkeys(map(_key, sources))],
        "targetServiceRevision": _summary(plane, service, record.target.revision.arn),
        "lifecycleStage": record.stage,
        "lifecycleHookDetails": [_hook(one) for one in record.hooks],
        "deploymentConfiguration": record.configuration,
        "rollback": _rollback(record),
        "deploymentCircuitBreaker": _breaker(service, record),
        "alarms": _alarms(record),
    }


def _key(revision: Revision) -> str:
    return revision.arn


def _summary(plane: Plane, service: Service, arn: str) -> dict[str, Any]:
    """The tasks and the traffic of a revision, now."""
    mine = [one for one in service.deployments if one.revision.arn == arn]
    counts = [running_and_pending(one, plane.now()) for one in mine]
    return {
        "arn": arn,
        "requestedTaskCount": sum(one.wanted for one in mine),
        "runningTaskCount": sum(running for running, _ in counts),
        "pendingTaskCount": sum(pending for _, pending in counts),
        "requestedTestTrafficWeight": service.test.get(arn, 0.0),
        "requestedProductionTrafficWeight": service.production.get(arn, 0.0),
    }


def _hook(run: Any) -> dict[str, Any]:
    return {
        "hookId": run.id,
        "targetType": run.target_type,
        "targetArn": run.target_arn,
        "status": run.status,
        "expiresAt": run.expires_at,
        "timeoutAction": run.timeout_action,
    }


def _rollback(record: ServiceDeployment) -> dict[str, Any] | None:
    if record.rollback_started_at is None:
        return None
    revision = record.rollback_revision.arn if record.rollback_revision else None
    return {
        "reason": record.rollback_reason,
        "startedAt": record.rollback_started_at,
        "serviceRevisionArn": revision,
    }


def _breaker(service: Service, record: ServiceDeployment) -> dict[str, Any]:
    threshold = monitors.breaker_threshold(record.configuration, service.desired)
    if threshold is None:
        return {"status": "DISABLED", "failureCount": 0, "threshold": 0}
    status = _monitor(record, triggered=record.breaker_triggered)
    return {"status": status, "failureCount": record.target.failed, "threshold": threshold}


def _alarms(record: ServiceDeployment) -> dict[str, Any]:
    names = monitors.alarm_names(record.configuration)
    status = _monitor(record, triggered=bool(record.triggered_alarms)) if names else "DISABLED"
    return {"status": status, "alarmNames": names, "triggeredAlarmNames": record.triggered_alarms}


def _monitor(record: ServiceDeployment, *, triggered: bool) -> str:
    if triggered:
        return "TRIGGERED"
    return "MONITORING" if record.live else "MONITORING_COMPLETE"


def _revision(plane: Plane, revision: Revision) -> dict[str, Any]:
    cluster, service = revision.arn.split("/")[1:3]
    settings = revision.settings
    images = [{"containerName": one["name"], "image": one.get("image")} for one in revision.definition.containers]
    return {
        "serviceRevisionArn": revision.arn,
        "serviceArn": plane.arn(f"service/{cluster}/{service}"),
        "clusterArn": plane.arn(f"cluster/{cluster}"),
        "taskDefinition": revision.definition.arn,
        "launchType": settings.get("launchType"),
        "platformVersion": settings.get("platformVersion"),
        "platformFamily": settings.get("platformFamily"),
        "loadBalancers": settings.get("loadBalancers"),
        "serviceRegistries": settings.get("serviceRegistries"),
        "networkConfiguration": settings.get("networkConfiguration"),
        "containerImages": images,
        "guardDutyEnabled": False,
        "createdAt": revision.created_at,
        "resolvedConfiguration": _resolved(revision),
    }


def _resolved(revision: Revision) -> dict[str, Any] | None:
    if not revision.target_group:
        return None
    balancer = revision.settings["loadBalancers"][0]
    rule = balancer.get("advancedConfiguration", {}).get("productionListenerRule")
    return {"loadBalancers": [{"targetGroupArn": revision.target_group, "productionListenerRule": rule}]}


OPERATIONS = {
    "ListServiceDeployments": list_service_deployments,
    "DescribeServiceDeployments": describe_service_deployments,
    "DescribeServiceRevisions": describe_service_revisions,
    "StopServiceDeployment": stop_service_deployment,
    "ContinueServiceDeployment": continue_service_deployment,
}
