"""The services of a cluster have different names.

## Why is this bad?

ECS refuses the second service: `Creation of service was not idempotent.`

Services of one template are compared whose names are known and whose cluster is the same, under conditions
that one deployment can meet.

## Example

```yaml fails
Resources:
  Api:
    Type: AWS::ECS::Service
    Properties: {Cluster: main, ServiceName: api, TaskDefinition: !ImportValue ApiTask}
  Website:
    Type: AWS::ECS::Service
    Properties: {Cluster: main, ServiceName: api, TaskDefinition: !ImportValue WebsiteTask}
```

```yaml passes
Resources:
  Api:
    Type: AWS::ECS::Service
    Properties: {Cluster: main, ServiceName: api, TaskDefinition: !ImportValue ApiTask}
  Website:
    Type: AWS::ECS::Service
    Properties: {Cluster: main, ServiceName: website, TaskDefinition: !ImportValue WebsiteTask}
```
"""

from collections.abc import Iterator
from itertools import combinations

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.conditions import possible
from roadworthy.template.model.model import Model
from roadworthy.template.model.properties import Known, absent, contents, jointly
from roadworthy.template.model.service import Service
from roadworthy.template.values import Reference, Value, identity, readable, skeleton

Name = tuple[object, object]  # cluster, name


@rule(
    "duplicate-service-name",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html",
)
def check(model: Model) -> Iterator[Finding]:
    """Report services of one name in one cluster."""
    for named in _named(model).values():
        for (one, name), (other, _) in combinations(named, 2):
            if one.value is not other.value and possible(one.when, other.when):
                yield Finding(
                    at=other.at,
                    message=f"services `{one.value.logical_id}` and `{other.value.logical_id}` "
                    f"are both named `{readable(skeleton(name))}` in one cluster",
                    fix="Give each service another ServiceName, or none",
                    assumed=one.assumed | other.assumed,
                )


def _named(model: Model) -> dict[Name, list[tuple[Known[Service], Value]]]:
    found: dict[Name, list[tuple[Known[Service], Value]]] = {}
    for service in model.all(Service):
        names = contents(service.node, "ServiceName")
        clusters = _clusters(service) if names else []
        for name, cluster in jointly(names, clusters):
            keys = _cluster(service, cluster.value), identity(name.value)
            if None not in keys:
                known = Known(service, name.at, name.when | cluster.when, name.assumed | cluster.assumed)
                found.setdefault(keys, []).append((known, name.value))
    return found


def _cluster(service: Service, cluster: Value) -> object:
    """What a cluster is known by: in one template, and in those that CDK deploys together."""
    if isinstance(cluster, Reference) and cluster.document.type_of(cluster.name):
        together = service.document.synthesized and cluster.document.synthesized
        return (
            None if together else service.document,
            cluster.document,
            cluster.name,
        )  # its Ref names what its Arn does
    known = identity(cluster)
    return None if known is None else (service.document, known)


def _clusters(service: Service) -> list[Known[Value]]:
    default = [Known[Value]("default", service.node, when) for when in absent(service.node, "Cluster")]
    return contents(service.node, "Cluster") + default
