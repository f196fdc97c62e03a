"""An image is named as `[registry/]repository[:tag][@digest]`.

## Why is this bad?

No task starts: `CannotPullContainerError: invalid reference format`, or ECS refuses the task definition:
`Container.image should not be null or empty`. Wrong are

- a scheme (`https://`),
- white space, two tags, or an empty one,
- a digest other than `sha256:` and 64 hexadecimal digits,
- upper case in the repository's name (words all in capitals are taken for placeholders),
- an ECR registry without its account or region,
- more than 255 characters before the digest.

In raw task definitions it is a warning, because pipelines put their images in. A parameter's default is not
reported: it often stands for "to be given".

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/ecsTaskExecutionRole
      ContainerDefinitions:
        - Name: api
          Image: https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/api:82f44fb
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/ecsTaskExecutionRole
      ContainerDefinitions:
        - Name: api
          Image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/api:82f44fb
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.rules.facts.malformed_image import what_is_wrong
from roadworthy.template.document import TEMPLATE
from roadworthy.template.model.container import Container
from roadworthy.template.values import readable, skeleton


@rule(
    "image-reference-malformed",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report images that no registry can have."""
    for place, image in container.images:
        text = skeleton(image.value)
        wrong = None if image.assumed else what_is_wrong(text)
        if wrong:
            yield Finding(
                at=place,
                message=f"image `{readable(text)}` of container `{container.label}` {wrong}",
                fix="Name the image as `registry/repository:tag` or `registry/repository@sha256:...`",
                severity=None if place.document.kind == TEMPLATE else WARNING,
            )
