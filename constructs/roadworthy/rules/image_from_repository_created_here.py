"""A service does not run an image from a repository that its own stack creates.

## Why is this bad?

A new repository is empty. On the first deployment no task starts (`CannotPullContainerError: ... not found`),
the stack waits until the circuit breaker or its time-out, and the rollback deletes the repository, so that the
image can never be pushed. Put the repository in a stack of its own, or start with `DesiredCount: 0`.

Repositories of other stacks are right. So is a service that waits for a custom resource which may fill the
repository. It is a warning, because a stack that exists already may have its image.

## Example

```yaml fails
Resources:
  Repository:
    Type: AWS::ECR::Repository
  Service:
    Type: AWS::ECS::Service
    Properties: {TaskDefinition: !Ref Task}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/ecsTaskExecutionRole
      ContainerDefinitions:
        - Name: api
          Image: !Sub "${Repository.RepositoryUri}:82f44fb"
```

```yaml passes
Resources:
  Repository:
    Type: AWS::ECR::Repository
  Service:
    Type: AWS::ECS::Service
    Properties: {TaskDefinition: !Ref Task, DesiredCount: 0}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/ecsTaskExecutionRole
      ContainerDefinitions:
        - Name: api
          Image: !Sub "${Repository.RepositoryUri}:82f44fb"
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.rules.facts.ecr_image import ecr_image
from roadworthy.template.conditions import possible
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import Known, assumed, jointly, numbers
from roadworthy.template.model.service import Service
from roadworthy.template.values import Reference

CUSTOM = ("Custom::", "AWS::CloudFormation::CustomResource")


@rule(
    "image-from-repository-created-here",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report images from repositories that are as new as the service."""
    if not service.document.logical_ids("AWS::ECR::Repository"):
        return
    counts = [count for count in numbers(service.node, "DesiredCount", 1) if count.value > 0]
    for _, definition in jointly(counts, service.task_definitions):
        for container in definition.value.containers:
            for image in _images(container, service):
                if possible(definition.when, image.when) and not _may_be_filled(service, image.value.name):
                    yield Finding(
                        at=image.at,
                        message=f"container `{container.label}` runs an image of repository `{image.value.name}`, "
                        f"which is created together with service `{service.name}` and is empty then",
                        fix="Create the repository in another stack, and push the image before this one is deployed",
                        assumed=assumed(image, definition),
                    )


def _images(container: Container, service: Service) -> Iterator[Known[Reference]]:
    """The repositories of the service's own template from which a container's images come."""
    for place, image in container.images:
        found = ecr_image(image.value)
        if found and found.repository and found.repository.document is service.document:
            yield Known(found.repository, place, image.when, image.assumed)


def _may_be_filled(service: Service, repository: str) -> bool:
    """Whether the service waits for something that may push an image."""
    document = service.document
    custom = (name for name in service.dependencies if str(document.type_of(name)).startswith(CUSTOM))
    return any(repository in document.dependencies.of(name) for name in custom)
