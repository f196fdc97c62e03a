"""A service that ECS deploys blue/green names both target groups, the rule between them, and the role to change it.

## Why is this bad?

The strategies BLUE_GREEN, LINEAR and CANARY move traffic by rewriting a listener rule. ECS refuses a service
whose `LoadBalancers` lack `AdvancedConfiguration` with `AlternateTargetGroupArn`, `ProductionListenerRule`
and `RoleArn`, one whose two target groups are the same, and one of another deployment controller. Of an
Application Load Balancer the rule's ARN is needed, not the listener's; a Network Load Balancer has no rules.
The production rule and the test rule are two: `The following rules cannot be used as both production and test
listener rules`. They must forward to both target groups together, else the deployment is rolled back for its
invalid networking configuration.

`BakeTimeInMinutes` is 0 to 1440; a BLUE_GREEN service without it is a warning. Services without a load
balancer are left alone.

## Example

```yaml fails
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      DeploymentConfiguration: {Strategy: BLUE_GREEN, BakeTimeInMinutes: 5}
      LoadBalancers: [{ContainerName: api, ContainerPort: 8000, TargetGroupArn: !ImportValue Blue}]
```

```yaml passes
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      DeploymentConfiguration: {Strategy: BLUE_GREEN, BakeTimeInMinutes: 5}
      LoadBalancers:
        - ContainerName: api
          ContainerPort: 8000
          TargetGroupArn: !ImportValue Blue
          AdvancedConfiguration:
            AlternateTargetGroupArn: !ImportValue Green
            ProductionListenerRule: !ImportValue Rule
            RoleArn: !ImportValue Role
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.rules.facts.traffic_shift import unattached
from roadworthy.template.conditions import possible
from roadworthy.template.model.listener import Listener
from roadworthy.template.model.properties import Known, absent, assumed, contents, jointly, numbers, texts
from roadworthy.template.model.service import Service
from roadworthy.template.node import Node
from roadworthy.template.values import same

SHIFTING = {"BLUE_GREEN", "LINEAR", "CANARY"}
NEEDED = ("AlternateTargetGroupArn", "ProductionListenerRule", "RoleArn")
LONGEST_BAKE = 1440  # minutes
APPLICATION = {"HTTP", "HTTPS"}


@rule(
    "alternate-target-group-config",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-implementation.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report blue/green services that ECS could not deploy."""
    for config in service.deployment_configurations:
        for strategy in texts(config, "Strategy"):
            if strategy.value in SHIFTING:
                yield from _of_service(service, config, strategy)
                for entry in service.load_balancers:
                    if possible(entry.when, strategy.when):
                        yield from _of_entry(service, entry, strategy)


def _of_service(service: Service, config: Node, strategy: Known[str]) -> Iterator[Finding]:
    for controller, _ in jointly(service.controllers, (strategy,)):
        if controller.value != "ECS":
            yield Finding(
                at=strategy.at,
                message=f"service `{service.name}` has strategy {strategy.value} "
                f"under deployment controller {controller.value}",
                fix="Set DeploymentController to ECS",
                assumed=assumed(controller, strategy),
            )
    if strategy.value == "BLUE_GREEN" and any(
        possible(strategy.when, when) for when in absent(config, "BakeTimeInMinutes")
    ):
        yield Finding(
            at=strategy.at,
            message=f"service `{service.name}` has strategy BLUE_GREEN and no BakeTimeInMinutes",
            fix="Set BakeTimeInMinutes",
            severity=WARNING,
            assumed=strategy.assumed,
        )
    for bake, _ in jointly(numbers(config, "BakeTimeInMinutes"), (strategy,)):
        if not 0 <= bake.value <= LONGEST_BAKE:
            yield Finding(
                at=bake.at,
                message=f"service `{service.name}` has BakeTimeInMinutes {bake.value}, "
                f"which is not between 0 and {LONGEST_BAKE}",
                fix="Set at most a day",
                assumed=assumed(bake, strategy),
            )


def _of_entry(service: Service, entry: Node, strategy: Known[str]) -> Iterator[Finding]:
    if any(possible(strategy.when, when) for when in absent(entry, "AdvancedConfiguration")):
        yield _missing(service, entry, strategy, "AdvancedConfiguration")
    for advanced in entry.get("AdvancedConfiguration"):
        for name in NEEDED:
            if any(possible(strategy.when, when) for when in absent(advanced, name)):
                yield _missing(service, advanced, strategy, name)
        yield from _same_groups(service, entry, advanced)
        yield from _same_rules(service, advanced, strategy)
        yield from _listeners(service, advanced)
        for group in unattached(service, entry, advanced):
            yield Finding(
                at=group.at,
                message=f"neither the production nor the test rule of service `{service.name}` forwards "
                f"to its target group `{group.value.label}`",
                fix="Let the production rule forward to both target groups, to one with weight 0",
                assumed=group.assumed,
            )


def _missing(service: Service, at: Node, strategy: Known[str], name: str) -> Finding:
    return Finding(
        at=at,
        message=f"service `{service.name}` has strategy {strategy.value} and a load balancer without {name}",
        fix=f"Set {name}",
        assumed=strategy.assumed,
    )


def _same_groups(service: Service, entry: Node, advanced: Node) -> Iterator[Finding]:
    for one, other in jointly(contents(entry, "TargetGroupArn"), contents(advanced, "AlternateTargetGroupArn")):
        if same(one.value, other.value):
            yield Finding(
                at=other.at,
                message=f"service `{service.name}` has the same target group as its alternate one",
                fix="Name a second target group in AlternateTargetGroupArn",
                assumed=assumed(one, other),
            )


# Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html
def _same_rules(service: Service, advanced: Node, strategy: Known[str]) -> Iterator[Finding]:
    production, test = (contents(advanced, name) for name in ("ProductionListenerRule", "TestListenerRule"))
    for one, other, _ in jointly(production, test, (strategy,)):
        if same(one.value, other.value):
            yield Finding(
                at=other.at,
                message=f"service `{service.name}` has the same listener rule for production and for tests",
                fix="Refer to a rule of its own in TestListenerRule, or remove it",
                assumed=assumed(one, other, strategy),
            )


def _listeners(service: Service, advanced: Node) -> Iterator[Finding]:
    for listener in service.referred(Listener, "ProductionListenerRule", advanced):
        for protocol, _ in jointly(listener.value.protocols, (listener,)):
            if protocol.value in APPLICATION:
                yield Finding(
                    at=listener.at,
                    message=f"service `{service.name}` has listener `{listener.value.label}` as its "
                    "ProductionListenerRule, an Application Load Balancer needs a rule",
                    fix="Refer to an AWS::ElasticLoadBalancingV2::ListenerRule that forwards to both target groups",
                    assumed=assumed(listener, protocol),
                )
