"""The deployment circuit breaker belongs to deployments by ECS itself.

## Why is this bad?

ECS refuses a service that enables it under the deployment controllers CODE_DEPLOY or EXTERNAL.

## Example

```yaml fails
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      DeploymentController: {Type: CODE_DEPLOY}
      DeploymentConfiguration:
        DeploymentCircuitBreaker: {Enable: true, Rollback: true}
```

```yaml passes
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      DeploymentController: {Type: ECS}
      DeploymentConfiguration:
        DeploymentCircuitBreaker: {Enable: true, Rollback: true}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.model.properties import assumed, flags, jointly
from roadworthy.template.model.service import Service


@rule(
    "circuit-breaker-wrong-controller",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentCircuitBreaker.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report circuit breakers of services that ECS itself does not deploy."""
    others = [known for known in service.controllers if known.value != "ECS"]
    for config in service.deployment_configurations if others else ():
        enabled = [known for place in config.get("DeploymentCircuitBreaker") for known in flags(place, "Enable")]
        for switch, controller in jointly(enabled, others):
            if switch.value:
                yield Finding(
                    at=switch.at,
                    message=f"service `{service.name}` enables the deployment circuit breaker, "
                    f"but its deployment controller is {controller.value}",
                    fix="Remove DeploymentCircuitBreaker, or let ECS deploy",
                    assumed=assumed(switch, controller),
                )
