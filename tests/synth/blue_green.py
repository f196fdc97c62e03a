"""What the tests of blue/green deployments share: services with them, and what their templates say."""

from typing import Any

from roadworthy.patterns import Deployment, HealthCheck, HttpService, TcpService
from tests.synth.patterns import options
from tests.synth.template import Template

CHECK = HealthCheck.http("/health", interval_seconds=5, timeout_seconds=4, start_seconds=10)


def http(stack: Any, deployment: Deployment, id: str = "Service", **more: Any) -> HttpService:
    """An HTTP service in a private network of the stack."""
    taken = {"port": 8000, "health_check": CHECK, **options(stack, deployment=deployment, **more)}
    return HttpService(stack, id, **taken)


def tcp(stack: Any, deployment: Deployment, **more: Any) -> TcpService:
    """A service behind a Network Load Balancer."""
    return TcpService(stack, "Service", **{"port": 6432, **options(stack, deployment=deployment, **more)})


def configuration(template: Template) -> dict[str, Any]:
    """The deployment configuration of the only service."""
    found: dict[str, Any] = template.only("AWS::ECS::Service")["DeploymentConfiguration"]
    return found


def hooks(template: Template) -> dict[str, dict[str, Any]]:
    """The service's hooks by the first word of their function's logical id; the pause is `PAUSE`."""
    found = configuration(template).get("LifecycleHooks", [])
    return {_name(hook): hook for hook in found}


def variables(template: Template, function: str) -> dict[str, Any]:
    """The environment of the function whose logical id has this word."""
    (found,) = (
        properties["Environment"]["Variables"]
        for name, properties in template.of_type("AWS::Lambda::Function").items()
        if f"BlueGreen{function}" in name
    )
    return {name: value for name, value in found.items() if not name.startswith("POWERTOOLS")}


def _name(hook: dict[str, Any]) -> str:
    if hook["TargetType"] == "PAUSE":
        return "PAUSE"
    return str(hook["HookTargetArn"]["Fn::GetAtt"][0]).partition("BlueGreen")[2][:-8]
