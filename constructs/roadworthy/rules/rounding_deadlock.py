"""The percents of a rolling update leave room for at least one task, whatever the count of tasks.

## Why is this bad?

ECS rounds the maximum down and the minimum up. Where neither leaves room for one task, the first deployment
succeeds and every later one hangs for hours: `service X was unable to stop or start tasks during a deployment
because of the service deployment configuration.`

The arithmetic is done for DesiredCount (1 for a new service that names none, then it is a warning) and for
every count between MinCapacity and MaxCapacity of the service's scalable target; the smallest count that
blocks is named. Where one percent is not written ECS takes 100 for the minimum and 200 for the maximum.
Services of other deployment controllers or strategies are left alone; so are daemons.

## Example

```yaml fails
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      DesiredCount: 1
      DeploymentConfiguration: {MinimumHealthyPercent: 100, MaximumPercent: 150}
```

```yaml passes
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      DesiredCount: 2
      DeploymentConfiguration: {MinimumHealthyPercent: 100, MaximumPercent: 150}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.rules.facts.rolling import HUNDRED, Bounds, blocks, bounds, least, most
from roadworthy.template.document import TEMPLATE
from roadworthy.template.model.properties import Known, absent, assumed, jointly
from roadworthy.template.model.scaling import targets_by_service
from roadworthy.template.model.service import Service


@rule(
    "rounding-deadlock",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report percents that let a deployment neither start nor stop a task."""
    for minimum, maximum in bounds(service):
        # The more tasks, the more room: one task blocks if any count does.
        if blocks(1, minimum.value, maximum.value) and not minimum.value == maximum.value == HUNDRED:
            for _, _, count in jointly((minimum,), (maximum,), _counts(service)):
                if blocks(count.value, minimum.value, maximum.value):
                    yield _finding(service, (minimum, maximum), count)


def _counts(service: Service) -> Iterator[Known[int]]:
    """The counts of tasks that it can have, of a range the smallest."""
    targets = service.model.index(targets_by_service).get(service, [])
    yield from service.desired_counts
    for target in targets:
        for low, high, joined in jointly(target.value.minima, target.value.maxima, (target,)):
            if max(low.value, 1) <= high.value:
                yield Known(max(low.value, 1), low.at, low.when | high.when | joined.when, assumed(low, high, joined))
    if not targets and service.document.kind == TEMPLATE:
        yield from (Known(1, service.node, when, written=False) for when in absent(service.node, "DesiredCount"))


def _finding(service: Service, percents: Bounds, count: Known[int]) -> Finding:
    minimum, maximum = percents
    number = count.value
    return Finding(
        at=maximum.at if maximum.written else minimum.at,
        message=f"service `{service.name}` with {number} task{'s' * (number > 1)} can neither start nor stop one: "
        f"MaximumPercent {maximum.value} allows {most(number, maximum.value)} "
        f"({number} x {maximum.value} / 100, rounded down), MinimumHealthyPercent {minimum.value} "
        f"requires {least(number, minimum.value)} (rounded up)",
        fix=f"Set MaximumPercent to {-(-HUNDRED * (number + 1) // number)} or more, "
        f"or MinimumHealthyPercent to {HUNDRED * (number - 1) // number} or less",
        severity=ERROR if count.written else WARNING,
        assumed=assumed(minimum, maximum, count),
    )
