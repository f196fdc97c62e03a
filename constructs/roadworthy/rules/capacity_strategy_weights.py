"""A capacity provider strategy gives some provider weight, has one base, and mixes no kinds.

## Why is this bad?

ECS refuses a strategy of several capacity providers whose weights are all 0 (which they are where none is
written), one in which two have a base, and one that mixes Fargate with Auto Scaling groups.

Items that stand under a condition are left alone, and values that are not known.

## Example

```yaml fails
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!ImportValue Subnet]}}
      CapacityProviderStrategy:
        - {CapacityProvider: FARGATE, Base: 1}
        - {CapacityProvider: FARGATE_SPOT}
```

```yaml passes
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!ImportValue Subnet]}}
      CapacityProviderStrategy:
        - {CapacityProvider: FARGATE, Base: 1, Weight: 1}
        - {CapacityProvider: FARGATE_SPOT, Weight: 3}
```
"""

from collections.abc import Iterator, Sequence

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.model.cluster import CAPACITY_PROVIDER
from roadworthy.template.model.properties import Known, assumed, contents, numbers
from roadworthy.template.model.service import Service
from roadworthy.template.node import Node
from roadworthy.template.values import Reference, Value

OF_FARGATE = {"FARGATE", "FARGATE_SPOT"}


@rule(
    "capacity-strategy-weights",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report strategies that ECS refuses."""
    for place in service.node.get("CapacityProviderStrategy"):
        items = [item for item in place.items() if isinstance(item.raw, dict)]
        if len(items) > 1 and all(item.when == place.when for item in items):
            for message, fix, knowns in (*_weightless(items), *_two_bases(items), *_mixed(items)):
                yield Finding(
                    at=place,
                    message=f"service `{service.name}` has a capacity provider strategy {message}",
                    fix=fix,
                    assumed=assumed(*knowns),
                )


Problem = tuple[str, str, list[Known[int]]]


def _weightless(items: Sequence[Node]) -> Iterator[Problem]:
    weights = [numbers(item, "Weight", 0) for item in items]
    knowns = [known for each in weights for known in each]
    if all(weights) and all(known.value == 0 for known in knowns):
        yield f"of {len(items)} providers whose weights are all 0", "Give at least one provider a Weight", knowns


def _two_bases(items: Sequence[Node]) -> Iterator[Problem]:
    bases = [each[0] for each in (numbers(item, "Base") for item in items) if len(each) == 1 and each[0].value > 0]
    if len(bases) > 1:
        yield f"in which {len(bases)} providers have a base", "Give one provider a Base only", bases


def _mixed(items: Sequence[Node]) -> Iterator[Problem]:
    providers = [known.value for item in items for known in contents(item, "CapacityProvider")]
    fargate = any(isinstance(value, str) and value in OF_FARGATE for value in providers)
    if fargate and any(map(_is_other, providers)):
        yield "that mixes Fargate with other capacity providers", "Use Fargate's capacity providers only", []


def _is_other(value: Value) -> bool:
    """Whether a capacity provider is certainly none of Fargate's."""
    if isinstance(value, Reference):
        return value.document.type_of(value.name) == CAPACITY_PROVIDER
    return isinstance(value, str) and value not in OF_FARGATE
