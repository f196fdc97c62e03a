"""UpdateService: what it changes, and what of it starts a deployment."""

from collections.abc import Mapping, Sequence
from typing import Any

from roadworthy.testing.plane.api.find import active_definition, service_of
from roadworthy.testing.plane.api.services import described
from roadworthy.testing.plane.deployer import Deployer
from roadworthy.testing.plane.state import Service
from roadworthy.testing.wire.backend import AwsError

# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html: "When you update any of these
# parameters, Amazon ECS starts new tasks with the new configuration"; the others "don't trigger a new deployment".
DEPLOYED = (
    "capacityProviderStrategy",
    "platformVersion",
    "networkConfiguration",
    "loadBalancers",
    "serviceRegistries",
    "serviceConnectConfiguration",
    "volumeConfigurations",
)
SET = (
    "placementConstraints",
    "placementStrategy",
    "healthCheckGracePeriodSeconds",
    "enableExecuteCommand",
    "enableECSManagedTags",
    "propagateTags",
    "availabilityZoneRebalancing",
)


def update_service(deployer: Deployer, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Change a service; a new task definition, another network, or force start a deployment."""
    plane = deployer.plane
    service = service_of(plane, parameters)
    if parameters.get("desiredCount", 0) < 0:  # AWS publishes no text for it
        raise AwsError("InvalidParameterException", "desiredCount cannot be negative.")
    current = service.primary.revision.definition
    asked = parameters.get("taskDefinition")
    definition = active_definition(plane, asked) if asked else current
    changed = [name for name in DEPLOYED if name in parameters and parameters[name] != service.settings.get(name)]
    deploys = bool(changed or definition is not current or parameters.get("forceNewDeployment"))
    former = dict(service.settings)
    service.settings.update({name: parameters[name] for name in (*DEPLOYED, *SET) if name in parameters})
    _launch(service, parameters.get("capacityProviderStrategy"))
    _configure(service, parameters.get("deploymentConfiguration"))
    try:
        if deploys:
            deployer.begin(service, definition)
    except BaseException:
        service.settings = former
        raise
    _scale(deployer, service, parameters.get("desiredCount"))
    return {"service": described(plane, service)}


def _launch(service: Service, strategy: Sequence[Mapping[str, Any]] | None) -> None:
    """A capacity provider strategy takes the place of the launch type; an empty one gives it back: API_Service."""
    if strategy:
        service.settings.pop("launchType", None)
    elif strategy is not None:
        service.settings["launchType"] = "FARGATE"


def _configure(service: Service, configuration: Mapping[str, Any] | None) -> None:
    """Change the deployment configuration, for the next deployment; what is not given stays."""
    if configuration:
        service.settings["deploymentConfiguration"] = {**service.configuration, **configuration}


def _scale(deployer: Deployer, service: Service, count: int | None) -> None:
    """Change the desired count, without a deployment."""
    if count is None or count == service.desired:
        return
    service.desired = count
    deployer.scheduler.reconcile(service)


OPERATIONS = {"UpdateService": update_service}
