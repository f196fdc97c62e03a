"""The alarms that stop a deployment are named by their names and exist before the service.

## Why is this bad?

`AlarmNames` takes names: no alarm has an ARN as its name, and the deployment is watched by nothing or does not
start. An alarm of the template that is named by its text makes no dependency, so that the service may be made
first: then it is a warning.

Names that the documents do not declare are left alone; `roadworthy check --online` asks for them.

## Example

```yaml fails
Resources:
  Failing:
    Type: AWS::CloudWatch::Alarm
    Properties: {ComparisonOperator: GreaterThanThreshold, EvaluationPeriods: 1}
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      DeploymentConfiguration: {Alarms: {AlarmNames: [!GetAtt Failing.Arn], Enable: true, Rollback: true}}
```

```yaml passes
Resources:
  Failing:
    Type: AWS::CloudWatch::Alarm
    Properties: {ComparisonOperator: GreaterThanThreshold, EvaluationPeriods: 1}
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !ImportValue Task
      DeploymentConfiguration: {Alarms: {AlarmNames: [!Ref Failing], Enable: true, Rollback: true}}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.template.document import Document
from roadworthy.template.model.properties import contents, flags
from roadworthy.template.model.service import Service
from roadworthy.template.node import Node
from roadworthy.template.resolve import resolve
from roadworthy.template.values import Possible, Reference, known_text, same

ALARMS = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")


@rule(
    "deployment-alarm-unknown",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentAlarms.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report alarms that are named by an ARN, or may be made after the service."""
    places = [place for config in service.deployment_configurations for place in config.get("Alarms")]
    for place in places:
        if any(known.value for known in flags(place, "Enable")):
            for item in place.all_items("AlarmNames"):
                for alarm in resolve(item):
                    yield from _findings(service, item, alarm)


def _findings(service: Service, item: Node, alarm: Possible) -> Iterator[Finding]:
    value, text = alarm.value, known_text(alarm.value) or ""
    if (isinstance(value, Reference) and _is_alarms_arn(value)) or text.startswith("arn:"):
        name = value.name if isinstance(value, Reference) else text
        message = f"service `{service.name}` names deployment alarm `{name}` by its ARN"
        yield Finding(item, message, "Name the alarm by its name: its Ref", assumed=alarm.assumed)
        return
    late = [each for each in _declared(service.document, alarm) if each not in service.dependencies]
    if late and service.logical_id:
        message = f"service `{service.name}` may be made before its deployment alarm `{late[0]}`"
        fix = f"Name the alarm by Ref, or add `{late[0]}` to the service's DependsOn"
        yield Finding(item, message, fix, WARNING, alarm.assumed)


def _is_alarms_arn(value: Reference) -> bool:
    return value.attribute == "Arn" and value.document.type_of(value.name) in ALARMS


def _declared(document: Document, alarm: Possible) -> Iterator[str]:
    """The alarms of a template that have the name."""
    if isinstance(alarm.value, Reference) and document.type_of(alarm.value.name) in ALARMS:
        return
    for kind in ALARMS:
        for logical_id in document.logical_ids(kind):
            names = contents(document.properties(logical_id), "AlarmName")
            if any(same(known.value, alarm.value) for known in names):
                yield logical_id
