"""A scalable target names its service as `service/CLUSTER/SERVICE`, with the service's own cluster, and comes after it.

## Why is this bad?

Application Auto Scaling refuses what does not exist (`ECS service doesn't exist: service/...`): another
cluster, an ARN in place of a name (which is what `Ref` of a service gives), another scalable dimension, or a
service that is named by its text and not made yet, because a text makes no dependency.

Clusters are compared where both are written out or both are resources of the documents.

## Example

```yaml fails
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties: {Cluster: main, TaskDefinition: !ImportValue Task}
  Scaling:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties:
      ServiceNamespace: ecs
      ResourceId: !Sub service/other/${Service.Name}
      ScalableDimension: ecs:service:DesiredCount
      MinCapacity: 2
      MaxCapacity: 4
```

```yaml passes
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties: {Cluster: main, TaskDefinition: !ImportValue Task}
  Scaling:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties:
      ServiceNamespace: ecs
      ResourceId: !Sub service/main/${Service.Name}
      ScalableDimension: ecs:service:DesiredCount
      MinCapacity: 2
      MaxCapacity: 4
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.model.cluster import Cluster
from roadworthy.template.model.properties import Known, absent, contents, jointly, texts
from roadworthy.template.model.scaling import ResourceId, ScalableTarget
from roadworthy.template.model.service import Service
from roadworthy.template.values import HOLE, Reference, Value, identity, readable, skeleton

PARTS = 3  # `service`, the cluster, the service
DEFAULT = "default"  # the cluster of who names none
DIMENSION = "ecs:service:DesiredCount"


@rule(
    "autoscaling-target-mismatch",
    severity=ERROR,
    source="https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html",
)
def check(target: ScalableTarget) -> Iterator[Finding]:
    """Report scalable targets that name no service, or one that is not there."""
    if not target.of_ecs:
        return
    for known in texts(target.node, "ScalableDimension"):
        if known.value != DIMENSION:
            message = f"scalable target `{target.label}` has dimension `{known.value}`"
            yield Finding(known.at, message, f"Set ScalableDimension to {DIMENSION}", assumed=known.assumed)
    for resource_id in target.resource_ids:
        wrong = _wrong_shape(resource_id) or _wrong_order(target, resource_id)
        if wrong:
            yield _finding(target, resource_id, *wrong)
        elif len(resource_id.parts) == PARTS:
            yield from _wrong_cluster(target, resource_id)


def _finding(target: ScalableTarget, resource_id: ResourceId, message: str, fix: str) -> Finding:
    return Finding(resource_id.at, f"scalable target `{target.label}` {message}", fix, assumed=resource_id.assumed)


def _wrong_shape(resource_id: ResourceId) -> tuple[str, str] | None:
    """What is wrong with a resource id by itself: message and fix."""
    pieces = [piece for part in resource_id.parts for piece in identity(part) or ()]
    references = [piece for piece in pieces if isinstance(piece, Reference)]
    arn = next((each for each in references if _is_arn(each)), None)
    if arn:
        return f"names `{arn.name}` by its ARN", "Name cluster and service by their names in ResourceId"
    # Names have no slashes, what a parameter says may have some.
    divided = all(each.document.type_of(each.name) in {Service.TYPE, Cluster.TYPE} for each in references)
    right = len(resource_id.parts) == PARTS and resource_id.parts[0] == "service" and "" not in resource_id.parts
    if divided and not right:
        text = "/".join(readable(skeleton(part)) for part in resource_id.parts)
        return f"has resource id `{text}`", "Write ResourceId as service/CLUSTER/SERVICE"
    return None


def _is_arn(reference: Reference) -> bool:
    """Whether a reference certainly gives the ARN of a service or a cluster."""
    kind = reference.document.type_of(reference.name)
    return (kind == Service.TYPE and reference.attribute != "Name") or (
        kind == Cluster.TYPE and reference.attribute == "Arn"
    )


def _wrong_order(target: ScalableTarget, resource_id: ResourceId) -> tuple[str, str] | None:
    """Whether it names a service of its own template by a text and does not wait for it."""
    before = target.document.dependencies.of(target.logical_id)
    late = [known.value for known in target.services if known.at is resource_id.at]
    names = [each.logical_id for each in late if each.document is target.document]
    if not names or before & set(names):
        return None
    return f"is not made after service `{late[0].name}`, which it names by a text", f"Add `{names[0]}` to its DependsOn"


def _wrong_cluster(target: ScalableTarget, resource_id: ResourceId) -> Iterator[Finding]:
    for service, _ in jointly((each for each in target.services if each.at is resource_id.at), (resource_id,)):
        node = service.value.node
        default = [Known[Value]("default", node, when) for when in absent(node, "Cluster")]
        clusters = [known for known, _ in jointly(contents(node, "Cluster") + default, (service,))]
        if clusters and all(_differ(known.value, resource_id.parts[1]) for known in clusters):
            named, own = _named(resource_id.parts[1]), _named(clusters[0].value)
            message = f"names cluster `{named}`, but service `{service.value.name}` runs in cluster `{own}`"
            yield _finding(target, resource_id, message, "Name the service's own cluster in ResourceId")


def _differ(one: Value, other: Value) -> bool:
    """Whether two clusters are certainly not the same."""
    if isinstance(one, Reference) and isinstance(other, Reference):
        of_clusters = all(each.document.type_of(each.name) == Cluster.TYPE for each in (one, other))
        return of_clusters and (one.document, one.name) != (other.document, other.name)
    if isinstance(one, Reference) and one.document.type_of(one.name) == Cluster.TYPE and other == DEFAULT:
        # It is called so only where the template says it: the names that CloudFormation makes are longer.
        names = contents(one.document.properties(one.name), "ClusterName")
        return not any(_may_be_default(known.value) for known in names)
    return isinstance(one, str) and isinstance(other, str) and not one.startswith("arn:") and one != other


def _may_be_default(name: Value) -> bool:
    """Whether nothing that is known of a cluster's name keeps it from being `default`."""
    known, *rest = skeleton(name).split(HOLE)
    return known == DEFAULT if not rest else all(piece in DEFAULT for piece in (known, *rest))


def _named(cluster: Value) -> str:
    return cluster.name if isinstance(cluster, Reference) else readable(skeleton(cluster))
