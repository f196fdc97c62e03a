"""What services offer in one Service Connect namespace has different names.

## Why is this bad?

A discovery name must be unique in its namespace, and so must each pair of a client alias's name and port: the
second service is refused. The discovery name is the port's name where none is written, so that two services
which both name their port `http` clash.

## Example

```yaml fails
Resources:
  Api:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue ApiTask
      ServiceConnectConfiguration: {Enabled: true, Namespace: internal, Services: [{PortName: http}]}
  Users:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue UsersTask
      ServiceConnectConfiguration: {Enabled: true, Namespace: internal, Services: [{PortName: http}]}
```

```yaml passes
Resources:
  Api:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue ApiTask
      ServiceConnectConfiguration:
        {Enabled: true, Namespace: internal, Services: [{PortName: http, DiscoveryName: api}]}
  Users:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue UsersTask
      ServiceConnectConfiguration:
        {Enabled: true, Namespace: internal, Services: [{PortName: http, DiscoveryName: users}]}
```
"""

from collections.abc import Iterator
from itertools import combinations

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.conditions import possible
from roadworthy.template.model.model import Model
from roadworthy.template.model.service_connect import Offer, by_namespace


@rule(
    "service-connect-name-clash",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectService.html",
)
def check(model: Model) -> Iterator[Finding]:
    """Report names that two services take in one namespace."""
    for connected in model.index(by_namespace).values():
        offers: dict[str, list[Offer]] = {}
        for offer in (offer for each in connected for offer in each.offers):
            offers.setdefault(offer.name, []).append(offer)
        for one, other in (pair for same in offers.values() for pair in combinations(same, 2)):
            if one.service is not other.service and possible(one.when, other.when):
                yield Finding(
                    at=other.at,
                    message=f"services `{one.service.name}` and `{other.service.name}` "
                    f"both offer `{one.name}` in one namespace",
                    fix="Give each another DiscoveryName and client alias",
                    assumed=one.assumed | other.assumed,
                )
