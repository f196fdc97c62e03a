"""A log group of this stack is written to in this stack's region.

## Why is this bad?

The driver looks for the group in `awslogs-region`. Where that is not the region of the stack that makes the
group, no task starts: `The specified log group does not exist`. Write `!Ref AWS::Region`.

A region that is written out next to a group of the same stack is reported, because the stack can be deployed
in another region; not in a stack that CDK made for exactly this region, and not in a template that CDK wrote for a
region of which nothing is known: it writes out the region wherever it stands.

## Example

```yaml fails
Resources:
  Logs:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: /ecs/api}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/ecsTaskExecutionRole
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          LogConfiguration:
            LogDriver: awslogs
            Options: {awslogs-group: !Ref Logs, awslogs-region: eu-west-1, awslogs-stream-prefix: api}
```

```yaml passes
Resources:
  Logs:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: /ecs/api}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/ecsTaskExecutionRole
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          LogConfiguration:
            LogDriver: awslogs
            Options: {awslogs-group: !Ref Logs, awslogs-region: !Ref AWS::Region, awslogs-stream-prefix: api}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.rules.facts.awslogs import aws_logs
from roadworthy.rules.facts.stack_region import region_of
from roadworthy.template.document import Document
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import assumed, jointly
from roadworthy.template.values import known_text


@rule(
    "log-region-mismatch",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report regions that are written out although the group is of this stack."""
    document = container.node.document
    for logs in aws_logs(container):
        groups = [group for group in logs.groups if group.value.document is document]
        for group, region in jointly(groups, logs.option("awslogs-region") if groups else ()):
            name, own = known_text(region.value), region_of(document)
            if name and name != own and (own or not _is_written_out_by_cdk(document)):
                where = f"this stack's is `{own}`" if own else "the stack can be in another region"
                yield Finding(
                    at=region.at,
                    message=f"container `{container.label}` logs to `{group.value.label}` of this stack in region "
                    f"`{name}`; {where}",
                    fix="Write the region as `!Ref AWS::Region`",
                    assumed=assumed(group, region) | logs.assumed,
                )


def _is_written_out_by_cdk(document: Document) -> bool:
    """Whether CDK knew where the stack goes: it then writes out the region wherever it stands in the template."""
    return document.synthesized and "AWS::Region" not in document.text
