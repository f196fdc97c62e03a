"""A service has at most ten lifecycle hooks of a kind, each with a timeout, and pauses with a stage, that ECS takes.

## Why is this bad?

ECS refuses a service with more than 10 hooks that invoke a Lambda function, or more than 10 that pause. A hook that
pauses cannot stand at `TEST_TRAFFIC_SHIFT` or `PRODUCTION_TRAFFIC_SHIFT`, where only Lambda functions are invoked.
A Lambda function's `TimeoutInMinutes` is 1 to 1440 (a day), that of a pause 1 to 20160 (two weeks).

A hook without `TargetType` invokes a Lambda function. Of the hooks those that are certainly there are counted; those
under a condition are not.

## Example

```yaml fails
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      DeploymentConfiguration:
        Strategy: BLUE_GREEN
        BakeTimeInMinutes: 5
        LifecycleHooks: [{TargetType: PAUSE, LifecycleStages: [PRODUCTION_TRAFFIC_SHIFT]}]
```

```yaml passes
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      DeploymentConfiguration:
        Strategy: BLUE_GREEN
        BakeTimeInMinutes: 5
        LifecycleHooks: [{TargetType: PAUSE, LifecycleStages: [PRE_PRODUCTION_TRAFFIC_SHIFT]}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.model.properties import Known, assumed, jointly, numbers, texts
from roadworthy.template.model.service import Service
from roadworthy.template.node import Node
from roadworthy.template.resolve import resolve
from roadworthy.template.values import known_text

LAMBDA, PAUSE = "AWS_LAMBDA", "PAUSE"
MOST = 10  # of each kind
# Minutes. Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html
LONGEST = {LAMBDA: 1440, PAUSE: 20160}
WORDS = {LAMBDA: "Lambda", PAUSE: "PAUSE"}
# The stages without pauses, each with the nearest one where ECS can pause and nothing is lost.
INSTEAD = {
    "TEST_TRAFFIC_SHIFT": "POST_TEST_TRAFFIC_SHIFT",
    "PRODUCTION_TRAFFIC_SHIFT": "PRE_PRODUCTION_TRAFFIC_SHIFT",
}


@rule(
    "lifecycle-hook-invalid",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/pause-lifecycle-hooks.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report lifecycle hooks that ECS refuses."""
    for config in service.deployment_configurations:
        for place in config.get("LifecycleHooks"):
            hooks = [item for item in place.items() if isinstance(item.raw, dict)]
            yield from _too_many(service, place, hooks)
            for hook in hooks:
                kinds = texts(hook, "TargetType", LAMBDA)
                yield from _stages(service, hook, kinds)
                yield from _timeouts(service, hook, kinds)


def _too_many(service: Service, place: Node, hooks: list[Node]) -> Iterator[Finding]:
    kinds = [kind for hook in hooks for kind in texts(hook, "TargetType", LAMBDA) if kind.when == place.when]
    for name, word in WORDS.items():
        certain = [kind for kind in kinds if kind.value == name]
        if len(certain) > MOST:
            yield Finding(
                at=place,
                message=f"service `{service.name}` has {len(certain)} {word} hooks, ECS takes {MOST}",
                fix=f"Leave {MOST} {word} hooks at most",
                assumed=assumed(*certain),
            )


def _stages(service: Service, hook: Node, kinds: list[Known[str]]) -> Iterator[Finding]:
    pauses = [kind for kind in kinds if kind.value == PAUSE]
    for item in hook.all_items("LifecycleStages") if pauses else ():
        for pause, stage in jointly(pauses, resolve(item)):
            name = known_text(stage.value)
            if name in INSTEAD:
                yield Finding(
                    at=item,
                    message=f"service `{service.name}` has a PAUSE hook at {name}, where ECS cannot pause",
                    fix=f"Pause at {INSTEAD[name]}",
                    assumed=assumed(pause, stage),
                )


def _timeouts(service: Service, hook: Node, kinds: list[Known[str]]) -> Iterator[Finding]:
    minutes = [known for place in hook.get("TimeoutConfiguration") for known in numbers(place, "TimeoutInMinutes")]
    for kind, timeout in jointly(kinds, minutes):
        longest = LONGEST.get(kind.value)
        if longest is not None and not 1 <= timeout.value <= longest:
            yield Finding(
                at=timeout.at,
                message=f"service `{service.name}` has a {WORDS[kind.value]} hook with TimeoutInMinutes "
                f"{timeout.value}, which is not between 1 and {longest}",
                fix=f"Set TimeoutInMinutes to 1 to {longest}",
                assumed=assumed(kind, timeout),
            )
