"""A service whose tasks use the network mode awsvpc says in which subnets they start.

## Why is this bad?

ECS refuses the service: `Network Configuration must be provided when networkMode 'awsvpc' is specified.` Tasks on
Fargate always use that mode. CloudFormation makes the service last, and then rolls everything back.

`NetworkConfiguration`, and in it `AwsvpcConfiguration` with `Subnets`, must be there. With an external deployment
controller the task sets have it, and nothing is said. In a raw service definition it is a warning: an update may leave
it out.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      NetworkMode: awsvpc
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb"}]
  Service: {Type: AWS::ECS::Service, Properties: {TaskDefinition: !Ref Task}}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      NetworkMode: awsvpc
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb"}]
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !Ref Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!ImportValue Subnet]}}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.template.conditions import When, possible
from roadworthy.template.document import TEMPLATE
from roadworthy.template.model.properties import Known, absent
from roadworthy.template.model.service import Service
from roadworthy.template.node import Node


@rule(
    "network-configuration-missing",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_NetworkConfiguration.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report services in awsvpc that lack subnets."""
    missing = list(_missing(service.node))
    if not missing or any(known.value not in {"ECS", "CODE_DEPLOY"} for known in service.controllers):
        return
    for why in _reasons(service):
        lacking = next(((name, at) for name, at, when in missing if possible(why.when, when)), None)
        if lacking:
            yield Finding(
                at=lacking[1],
                message=f"service `{service.name}` has no `{lacking[0]}`, but {why.value}",
                fix="Name the subnets and security groups in NetworkConfiguration.AwsvpcConfiguration",
                severity=ERROR if service.document.kind == TEMPLATE else WARNING,
                assumed=why.assumed,
            )
            return


def _missing(node: Node) -> Iterator[tuple[str, Node, When]]:
    """What is certainly not there: its name, and under which conditions."""
    for name in ("NetworkConfiguration", "AwsvpcConfiguration", "Subnets"):
        yield from ((name, node, when) for when in absent(node, name))
        inner = [place for place in node.get(name) if isinstance(place.raw, dict)]
        if len(inner) != 1:
            return
        node = inner[0]


def _reasons(service: Service) -> Iterator[Known[str]]:
    """Why its tasks certainly use awsvpc."""
    for known in service.task_definitions:
        for mode in known.value.network_modes:
            if mode.value == "awsvpc":
                why = f"its task definition `{known.value.label}` uses the network mode `awsvpc`"
                yield Known(why, known.at, known.when | mode.when, known.assumed | mode.assumed)
    for when in service.on_fargate:
        yield Known("it runs on Fargate", service.node, when)
