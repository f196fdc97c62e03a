"""A template's service names the revision of its task definition.

## Why is this bad?

By its family alone a service runs the latest revision of the moment when CloudFormation made or changed it.
CloudFormation sees no change when a new revision is registered, and deploys nothing; a rollback of the stack
rolls nothing back.

A `Ref` of an AWS::ECS::TaskDefinition names the revision. So do `family:7` and the ARN that ends so; what a
parameter says is left alone, and raw service definitions, whose pipelines fill in the revision; so are services
that CodeDeploy or another controller deploys.

## Example

```yaml fails
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties: {TaskDefinition: api, DesiredCount: 2}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb"}]
  Service:
    Type: AWS::ECS::Service
    Properties: {TaskDefinition: !Ref Task, DesiredCount: 2}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.template.document import TEMPLATE
from roadworthy.template.model.properties import contents
from roadworthy.template.model.service import Service
from roadworthy.template.pattern import Pattern
from roadworthy.template.values import readable, skeleton

FAMILY = Pattern(r"(arn:[^/]*:task-definition/)?[A-Za-z0-9_-]{1,255}")


@rule(
    "task-definition-unpinned",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report services of templates that name a family only."""
    if service.document.kind != TEMPLATE or any(known.value != "ECS" for known in service.controllers):
        return
    for known in contents(service.node, "TaskDefinition"):
        written = skeleton(known.value)
        if not known.assumed and FAMILY.fullmatch(written):
            yield Finding(
                at=known.at,
                message=f"service `{service.name}` runs task definition `{readable(written)}` without a revision",
                fix="Refer to an AWS::ECS::TaskDefinition of the template, or name the revision",
            )
