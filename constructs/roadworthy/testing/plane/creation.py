"""Clusters and services as a test sets them up, running already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from roadworthy.errors import RoadworthyError
from roadworthy.testing.faults import Fault
from roadworthy.testing.plane import messages, misuse
from roadworthy.testing.plane.deployer import STRATEGIES, Deployer
from roadworthy.testing.plane.plane import Plane
from roadworthy.testing.plane.state import Cluster, Service, Timing

AGE = 24 * 3600.0  # seconds since the last deployment of a service that runs already
WAIT_WITHOUT_CHECK = 40.0  # seconds in RUNNING until a task without any health check counts as healthy:
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
WAIT_FOR_CHECK = 15.0  # seconds until the checks of a load balancer or a container have passed


@dataclass(frozen=True)
class ServiceOptions:
    """What `FakeEcs.add_service` is told of a service; it says what each means."""

    image: str
    desired: int
    strategy: str
    port: int | None
    load_balancer: bool | Mapping[str, Any]
    circuit_breaker: bool
    minimum_healthy_percent: int
    maximum_percent: int
    bake_minutes: int | None
    canary_percent: float
    step_percent: float
    step_bake_minutes: int
    alarms: Sequence[str]
    hooks: Sequence[Mapping[str, Any]]
    container: Mapping[str, Any]
    deployed: bool
    start_seconds: float
    healthy_seconds: float | None
    stop_seconds: float
    tags: Mapping[str, str] = field(default_factory=dict)


def add_cluster(plane: Plane, name: str) -> Cluster:
    """A cluster; the one that is there already, if there is."""
    if name not in plane.clusters:
        plane.clusters[name] = Cluster(name, plane.arn(f"cluster/{name}"))
    return plane.clusters[name]


def add_service(deployer: Deployer, cluster: str, name: str, options: ServiceOptions) -> Service:
    """A service, in a cluster that is made when it is missing.

    Raises:
        RoadworthyError: the cluster has a service of this name, there is no such strategy, or AWS would refuse it.
    """
    plane = deployer.plane
    home = add_cluster(plane, cluster)
    if name in home.services:
        raise RoadworthyError(f"cluster `{cluster}` has a service `{name}` already; add it once")
    if options.strategy not in STRATEGIES:
        raise RoadworthyError(f"strategy `{options.strategy}` of `{name}` is none of {', '.join(STRATEGIES)}")
    settings, members = _settings(plane, name, options), _definition(plane, name, options)
    misuse.refuse_service(name, options.desired, settings, members)
    arn = plane.arn(f"service/{cluster}/{name}")
    timing = Timing(options.start_seconds, _healthy_seconds(options), options.stop_seconds)
    service = Service(name, arn, home, settings, timing, options.desired, plane.now())
    definition = plane.register(members)
    home.services[name] = service
    plane.tags[arn] = dict(options.tags)
    for alarm in options.alarms:
        plane.alarms.setdefault(alarm, "OK")
    if options.deployed:
        _as_deployed(deployer, service, definition)
    else:
        deployer.begin(service, definition)
    return service


def _healthy_seconds(options: ServiceOptions) -> float:
    if options.healthy_seconds is not None:
        return options.healthy_seconds
    checked = bool(options.load_balancer) or "healthCheck" in options.container
    return WAIT_FOR_CHECK if checked else WAIT_WITHOUT_CHECK


def _as_deployed(deployer: Deployer, service: Service, definition: Any) -> None:
    """Let the first deployment of a service have ended a day ago, with all its tasks healthy."""
    plane = deployer.plane
    then = plane.now() - AGE
    primary = deployer.deployment(service, definition, Fault())
    primary.rollout_state, primary.reason = "COMPLETED", messages.completed(primary.id)
    primary.created_at = primary.updated_at = service.created_at = then
    primary.kept = True
    record = deployer.record(service, primary, Fault(), [])
    record.status, record.created_at, record.started_at = "SUCCESSFUL", then, then
    record.finished_at = record.updated_at = then + service.timing.start + service.timing.healthy
    service.completed = primary.revision
    service.production[primary.revision.arn] = 100.0
    for _ in range(service.desired):
        deployer.scheduler.life.running(service, primary, then)
    service.steady = True
    plane.event(service, "has reached a steady state.")


def _definition(plane: Plane, name: str, options: ServiceOptions) -> dict[str, Any]:
    """The task definition of a service: one container, with its own name for family, container and log group."""
    group = f"/ecs/{name}"
    plane.logs.create(group)
    account, partition = plane.backend.account, plane.backend.partition
    logs = {"awslogs-group": group, "awslogs-region": plane.backend.region, "awslogs-stream-prefix": "ecs"}
    container = {
        "name": name,
        "image": options.image,
        "essential": True,
        "logConfiguration": {"logDriver": "awslogs", "options": logs},
    }
    if options.port:
        container["portMappings"] = [{"containerPort": options.port, "protocol": "tcp"}]
    return {
        "family": name,
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "cpu": "256",
        "memory": "512",
        "executionRoleArn": f"arn:{partition}:iam::{account}:role/{name}-execution",
        "taskRoleArn": f"arn:{partition}:iam::{account}:role/{name}-task",
        "containerDefinitions": [{**container, **options.container}],
    }


def _settings(plane: Plane, name: str, options: ServiceOptions) -> dict[str, Any]:
    """A service's members, as CreateService would have been given them."""
    network = {
        "subnets": ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"],
        "securityGroups": ["sg-0aaaaaaaaaaaaaaaa"],
        "assignPublicIp": "DISABLED",
    }
    return {
        "launchType": "FARGATE",
        "platformVersion": "LATEST",
        "platformFamily": "Linux",
        "schedulingStrategy": "REPLICA",
        "deploymentController": {"type": "ECS"},
        "enableECSManagedTags": False,
        "propagateTags": "NONE",
        "enableExecuteCommand": False,
        "availabilityZoneRebalancing": "ENABLED",
        "networkConfiguration": {"awsvpcConfiguration": network},
        "deploymentConfiguration": _configuration(options),
        **_balanced(plane, name, options),
    }


def _configuration(options: ServiceOptions) -> dict[str, Any]:
    configuration: dict[str, Any] = {
        "strategy": options.strategy,
        "minimumHealthyPercent": options.minimum_healthy_percent,
        "maximumPercent": options.maximum_percent,
        "deploymentCircuitBreaker": {"enable": options.circuit_breaker, "rollback": options.circuit_breaker},
        "bakeTimeInMinutes": options.bake_minutes,
    }
    if options.bake_minutes is None:
        configuration["bakeTimeInMinutes"] = 1 if options.alarms or options.strategy != "ROLLING" else 0
    if options.alarms:
        configuration["alarms"] = {"alarmNames": list(options.alarms), "enable": True, "rollback": True}
    if options.hooks:
        configuration["lifecycleHooks"] = [dict(hook) for hook in options.hooks]
    minutes = options.step_bake_minutes
    if options.strategy == "CANARY":
        canary = {"canaryPercent": options.canary_percent, "canaryBakeTimeInMinutes": minutes}
        configuration["canaryConfiguration"] = canary
    if options.strategy == "LINEAR":
        configuration["linearConfiguration"] = {"stepPercent": options.step_percent, "stepBakeTimeInMinutes": minutes}
    return configuration


def _balanced(plane: Plane, name: str, options: ServiceOptions) -> dict[str, Any]:
    """The load balancer's part: one target group; a second one and two listener rules unless it is rolling."""
    if not options.load_balancer:
        return {}

    def arn(resource: str) -> str:
        return plane.backend.arn("elasticloadbalancing", resource)

    earlier = len(plane.services_named(name))  # in other clusters: a target group has the tasks of one service
    own, number = f"{name}-{earlier + 1}" if earlier else name, f"{earlier:08}0000000"
    balancer: dict[str, Any] = {
        "targetGroupArn": arn(f"targetgroup/{own}/{number}1"),
        "containerName": options.container.get("name", name),
        "containerPort": options.port,
    }
    if options.strategy != "ROLLING":
        rule = f"listener-rule/app/{own}/{number}1"
        balancer["advancedConfiguration"] = {
            "alternateTargetGroupArn": arn(f"targetgroup/{own}-green/{number}2"),
            "productionListenerRule": arn(f"{rule}/{number}1/{number}1"),
            "testListenerRule": arn(f"{rule}/{number}2/{number}2"),
            "roleArn": f"arn:{plane.backend.partition}:iam::{plane.backend.account}:role/{name}-load-balancer",
        }
    given = options.load_balancer if isinstance(options.load_balancer, Mapping) else {}
    return {"loadBalancers": [{**balancer, **given}], "healthCheckGracePeriodSeconds": 60}
