"""The capacity providers of a service's strategy are associated with its cluster.

## Why is this bad?

ECS refuses the service: `The specified capacity provider strategy cannot contain a capacity provider that is
not associated with the cluster.` In CDK it takes `enable_fargate_capacity_providers=True` on the cluster.

`FARGATE` and `FARGATE_SPOT` are looked for in the cluster's `CapacityProviders` and in the
AWS::ECS::ClusterCapacityProviderAssociations of the documents. Where only such an association has it and the
service is not made after it, it is a race: a warning, which `service.node.add_dependency(cluster)` ends in CDK.
Clusters of other stacks are left alone.

## Example

```yaml fails
Resources:
  Cluster:
    Type: AWS::ECS::Cluster
  Service:
    Type: AWS::ECS::Service
    Properties:
      Cluster: !Ref Cluster
      TaskDefinition: !ImportValue Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!ImportValue Subnet]}}
      CapacityProviderStrategy: [{CapacityProvider: FARGATE_SPOT, Weight: 1}]
```

```yaml passes
Resources:
  Cluster:
    Type: AWS::ECS::Cluster
    Properties: {CapacityProviders: [FARGATE, FARGATE_SPOT]}
  Service:
    Type: AWS::ECS::Service
    Properties:
      Cluster: !Ref Cluster
      TaskDefinition: !ImportValue Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!ImportValue Subnet]}}
      CapacityProviderStrategy: [{CapacityProvider: FARGATE_SPOT, Weight: 1}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.template.model.cluster import CAPACITY_PROVIDER, Cluster
from roadworthy.template.model.properties import assumed, jointly
from roadworthy.template.model.service import Service
from roadworthy.template.values import Reference, known_text

OF_FARGATE = {"FARGATE", "FARGATE_SPOT"}


@rule(
    "capacity-provider-not-associated",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report the Fargate capacity providers that the cluster does not have, or not yet."""
    own = [known for known in service.capacity_providers if known.value in OF_FARGATE]
    late = False
    for provider, cluster in jointly(own, service.clusters if own else ()):
        uses = f"service `{service.name}` uses capacity provider {provider.value}"
        if _lacks(cluster.value, provider.value):
            yield Finding(
                at=provider.at,
                message=f"{uses}, which is not associated with its cluster `{cluster.value.label}`",
                fix=f"Add {provider.value} to the cluster's CapacityProviders",
                assumed=assumed(provider, cluster),
            )
        elif not late and _comes_later(service, cluster.value, provider.value):
            late = True
            yield Finding(
                at=provider.at,
                message=f"{uses} and may be made before that is associated with its cluster `{cluster.value.label}`",
                fix="Let the service depend on the cluster's capacity provider associations",
                severity=WARNING,
                assumed=assumed(provider, cluster),
            )


def _lacks(cluster: Cluster, name: str) -> bool:
    """Whether the cluster certainly has no such capacity provider."""
    if not cluster.capacity_providers_are_known:
        return False
    values = [known.value for known in cluster.capacity_providers]
    others = all(
        known_text(value) is not None
        or (isinstance(value, Reference) and value.document.type_of(value.name) == CAPACITY_PROVIDER)
        for value in values
    )
    return others and all(known_text(value) != name for value in values)


def _comes_later(service: Service, cluster: Cluster, name: str) -> bool:
    """Whether only associations that the service does not wait for have the capacity provider."""
    having = [known.at for known in cluster.capacity_providers if known_text(known.value) == name]
    inside = any(place.resource == cluster.logical_id for place in having)
    return bool(having) and not inside and not any(service.is_made_after(each) for each in cluster.associations)
