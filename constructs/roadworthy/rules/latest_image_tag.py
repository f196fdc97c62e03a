"""An image is named by a fixed tag or a digest, never by `latest`.

## Why is this bad?

`latest` (which is also what an image without a tag means) is another image tomorrow. CloudFormation sees no
change in the template and deploys nothing when a new image is pushed; a rollback starts the same broken
image again; a task that is replaced may run other code than its neighbours. A tag with the commit's hash,
or a digest, says which code runs.

Only what is certain is reported: of `${Repository}:latest` the tag is known although the repository is not,
of `repository:${Tag}` nothing is. A repository of the templates has no tag of its own, so that
`!GetAtt Repository.RepositoryUri` alone means `latest`. A tag such as `amd64-latest` is not `latest`.
Placeholders that a pipeline fills in (`<IMAGE>`, `$IMAGE`, `IMAGE_TAG`) are not reported.

In templates that CDK wrote it is an error: there the image is chosen where the stack is. In others, and in
raw task definitions, it is a warning, because ECS takes it and pipelines overwrite images; so is a `latest`
that is only a parameter's default.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: !Sub "${AWS::AccountId}.dkr.ecr.eu-west-1.amazonaws.com/api:latest"
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: !Sub "${AWS::AccountId}.dkr.ecr.eu-west-1.amazonaws.com/api:82f44fb"
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.rules.facts.ecr_image import ends_in_repository
from roadworthy.rules.facts.image import follows_latest, parse_image
from roadworthy.template.model.container import Container
from roadworthy.template.values import Reference, Value, readable, skeleton


@rule(
    "latest-image-tag",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-considerations.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report images that are `latest` or have no tag."""
    for place, possible in container.images:
        text = skeleton(possible.value)
        image = parse_image(text)
        untagged = ends_in_repository(possible.value)
        if untagged or (image and follows_latest(image)):
            how = "the tag `latest`" if image and image.tag else "no tag, which means `latest`"
            yield Finding(
                at=place,
                message=f"container `{container.label}` uses image `{_shown(possible.value)}` with {how}",
                fix="Name the image by its commit-hash tag or its digest",
                severity=ERROR if place.document.synthesized else WARNING,
                assumed=possible.assumed,
            )


def _shown(value: Value) -> str:
    return f"${{{value.name}}}" if isinstance(value, Reference) else readable(skeleton(value))
