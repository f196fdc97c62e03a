"""What ECS tells of service deployments and revisions.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServiceDeployments.html
"""

from typing import Any

from roadworthy.local.deployments.records import Revision, ServiceDeployment
from roadworthy.local.shims.internals import ecs


def brief(record: ServiceDeployment) -> dict[str, Any]:
    """An entry of ListServiceDeployments."""
    return _without_nothing({**_common(record), "targetServiceRevisionArn": record.target.arn})


def whole(record: ServiceDeployment) -> dict[str, Any]:
    """An entry of DescribeServiceDeployments."""
    return _without_nothing({
        **_common(record),
        "stoppedAt": record.stopped_at,
        "updatedAt": record.updated_at,
        "sourceServiceRevisions": [_summary(record, one) for one in record.sources],
        "targetServiceRevision": _summary(record, record.target),
        "lifecycleStage": record.stage,
        "lifecycleHookDetails": [
            _without_nothing({
                "hookId": one.id, "targetType": one.kind, "targetArn": one.target, "status": one.status,
                "expiresAt": one.expires_at, "timeoutAction": one.timeout_action,
            })
            for one in record.hooks
        ],
        "deploymentConfiguration": record.configuration,
        "rollback": record.rollback,
        "deploymentCircuitBreaker": _breaker(record),
        "alarms": _alarms(record),
    })  # fmt: skip


def revision(one: Revision) -> dict[str, Any]:
    """An entry of DescribeServiceRevisions."""
    service = _service_arn(one.arn.replace(":service-revision/", ":service/"))
    return _without_nothing({
        "serviceRevisionArn": one.arn,
        "serviceArn": service,
        "clusterArn": _cluster_arn(service),
        **one.settings,
        "containerImages": [
            {"containerName": each["name"], "image": each.get("image")} for each in _containers(one.settings)
        ],
        "createdAt": one.created_at,
    })  # fmt: skip


def running(revision_arn: str) -> tuple[int, int, int]:
    """How many tasks of a revision are wanted, run, and are on their way."""
    entries = [
        entry
        for service in ecs._services.values()
        for entry in service["deployments"]
        if entry.get("_revision") == revision_arn
    ]
    return tuple(sum(int(one[name]) for one in entries) for name in ("desiredCount", "runningCount", "pendingCount"))  # type: ignore[return-value]


def _common(record: ServiceDeployment) -> dict[str, Any]:
    service = _service_arn(record.arn.replace(":service-deployment/", ":service/"))
    return {
        "serviceDeploymentArn": record.arn,
        "serviceArn": service,
        "clusterArn": _cluster_arn(service),
        "createdAt": record.created_at,
        "startedAt": record.created_at if record.status != "PENDING" else None,
        "finishedAt": record.finished_at,
        "status": record.status,
        "statusReason": record.reason or None,
    }


def _summary(record: ServiceDeployment, one: Revision) -> dict[str, Any]:
    requested, runs, pending = running(one.arn)
    return {
        "arn": one.arn,
        "requestedTaskCount": requested,
        "runningTaskCount": runs,
        "pendingTaskCount": pending,
        "requestedTestTrafficWeight": record.test.get(one.arn, 0.0),
        "requestedProductionTrafficWeight": record.production.get(one.arn, 0.0),
    }


def _breaker(record: ServiceDeployment) -> dict[str, Any]:
    enabled = bool((record.configuration.get("deploymentCircuitBreaker") or {}).get("enable"))
    service = ecs._services.get(record.key)
    return {
        "status": _monitor(record) if enabled else "DISABLED",
        "failureCount": int(record.entry.get("failedTasks", 0)) if enabled else 0,
        "threshold": ecs._circuit_breaker_threshold(service) if enabled and service else 0,
    }


def _alarms(record: ServiceDeployment) -> dict[str, Any]:
    alarms = record.configuration.get("alarms") or {}
    names = alarms.get("alarmNames") or [] if alarms.get("enable") else []
    return {"status": _monitor(record) if names else "DISABLED", "alarmNames": names}


def _monitor(record: ServiceDeployment) -> str:
    return "MONITORING" if record.live else "MONITORING_COMPLETE"


def _containers(settings: dict[str, Any]) -> list[dict[str, Any]]:
    definition = ecs._task_defs.get(ecs._resolve_td_key(settings.get("taskDefinition", ""))) or {}
    return list(definition.get("containerDefinitions", []))


def _service_arn(arn: str) -> str:
    return arn.rpartition("/")[0]


def _cluster_arn(service: str) -> str:
    return service.replace(":service/", ":cluster/").rpartition("/")[0]


def _without_nothing(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if value is not None}
