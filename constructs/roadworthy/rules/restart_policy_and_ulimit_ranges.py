"""Restart policies and ulimits are within ECS's ranges.

## Why is this bad?

ECS refuses a restart policy whose `restartAttemptPeriod` is not 60 to 1800 seconds or that ignores more than 50 exit
codes, and a ulimit whose soft limit is above its hard limit.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb", RestartPolicy: {Enabled: true, RestartAttemptPeriod: 30}}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb", RestartPolicy: {Enabled: true, RestartAttemptPeriod: 60}}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import assumed, jointly, numbers, texts
from roadworthy.template.node import Node

SHORTEST, LONGEST = 60, 1800  # seconds
MOST_CODES = 50


@rule(
    "restart-policy-and-ulimit-ranges",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerRestartPolicy.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report restart policies and ulimits that ECS refuses."""
    for policy in container.node.get("RestartPolicy"):
        yield from _policy(container, policy)
    for limit in container.node.all_items("Ulimits"):
        yield from _limit(container, limit)


def _policy(container: Container, policy: Node) -> Iterator[Finding]:
    for period in numbers(policy, "RestartAttemptPeriod"):
        if not SHORTEST <= period.value <= LONGEST:
            message = (
                f"container `{container.label}` may restart after {period.value} seconds, "
                f"which is not between {SHORTEST} and {LONGEST}"
            )
            yield Finding(period.at, message, f"Set {SHORTEST} to {LONGEST} seconds", assumed=period.assumed)
    for codes in policy.get("IgnoredExitCodes"):
        if isinstance(codes.raw, list) and sum(type(code) is int for code in codes.raw) > MOST_CODES:
            message = f"container `{container.label}` ignores {len(codes.raw)} exit codes, ECS takes {MOST_CODES}"
            yield Finding(codes, message, f"Ignore {MOST_CODES} exit codes at most")


def _limit(container: Container, limit: Node) -> Iterator[Finding]:
    for soft, hard in jointly(numbers(limit, "SoftLimit"), numbers(limit, "HardLimit")):
        if soft.value > hard.value >= 0:
            name = next((known.value for known in texts(limit, "Name")), "?")
            message = f"ulimit `{name}` of container `{container.label}` is {soft.value} soft and {hard.value} hard"
            yield Finding(soft.at, message, f"Lower the soft limit to {hard.value}", assumed=assumed(soft, hard))
