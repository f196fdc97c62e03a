"""The subnets of a service have an address for every task, also while a deployment doubles them.

## Why is this bad?

Each task on Fargate has a network interface with an address of its own. During a rolling deployment there may be
`MaximumPercent` (200 by default) of the desired count. When a subnet has no address left, no task can be placed: the
deployment waits, and fails.

It is reported where the ranges of all the service's subnets are known: together, less the five addresses that AWS keeps
in each, they are fewer than the tasks. What else lives in the subnets is not counted.

## Example

```yaml fails
Resources:
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !ImportValue Vpc, CidrBlock: 10.0.0.0/28}}
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      DesiredCount: 8
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!Ref Subnet]}}
```

```yaml passes
Resources:
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !ImportValue Vpc, CidrBlock: 10.0.0.0/24}}
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      DesiredCount: 8
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!Ref Subnet]}}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.template.model.network.task_network import TaskNetwork
from roadworthy.template.model.properties import Known, absent, assumed, jointly, numbers
from roadworthy.template.model.service import Service

DEFAULT = 200  # percent


@rule(
    "subnet-ip-exhaustion",
    severity=WARNING,
    source="https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report services with more tasks than addresses."""
    for network in service.task_networks if service.desired_counts else ():
        free = _free_addresses(network)
        if free is None:
            continue
        for desired, maximum in jointly(service.desired_counts, _maximums(service)):
            tasks = desired.value * maximum.value // 100
            if tasks > free:
                yield Finding(
                    at=network.node,
                    message=f"the subnets of service `{service.name}` have {free} free addresses, but a deployment "
                    f"runs up to {tasks} tasks ({maximum.value} % of {desired.value})",
                    fix="Use larger subnets, or more of them",
                    assumed=assumed(desired, maximum),
                )


def _free_addresses(network: TaskNetwork) -> int | None:
    """The most addresses that its subnets can have for tasks; None where that is not known."""
    subnets = set(network.subnets.resources)
    free = [subnet.free_addresses for subnet in subnets]
    return sum(each or 0 for each in free) if network.subnets.whole and subnets and None not in free else None


def _maximums(service: Service) -> list[Known[int]]:
    written = [
        known for place in service.deployment_configurations for known in numbers(place, "MaximumPercent", DEFAULT)
    ]
    gone = [Known(DEFAULT, service.node, when) for when in absent(service.node, "DeploymentConfiguration")]
    return written + gone
