"""An environment file is an object in S3 whose name ends in `.env`, and the execution role may read it.

## Why is this bad?

ECS refuses other values of `environmentFiles`, other types than `s3`, and more than ten files. Where the
execution role may not read one, no task starts: `ResourceInitializationError: failed to download env files ...
403`. It needs `s3:GetObject` on the file; it is judged only when all its policies are known, and where the
bucket is not of the templates it is a warning, because the bucket's own policy may allow it.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/ecsTaskExecutionRole
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          EnvironmentFiles: [{Type: s3, Value: "arn:aws:s3:::settings/api.txt"}]
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/ecsTaskExecutionRole
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          EnvironmentFiles: [{Type: s3, Value: "arn:aws:s3:::settings/api.env"}]
```
"""

import re
from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.rules.facts.iam_policy import lacks, lets_roles
from roadworthy.rules.facts.image import PLACEHOLDER
from roadworthy.template.model.bucket import Bucket
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import Known, assumed, contents, jointly, texts
from roadworthy.template.node import Node
from roadworthy.template.pattern import Pattern
from roadworthy.template.values import HOLE, Reference, Text, Value, readable, skeleton

MOST = 10
OBJECT = Pattern(r"arn:[^:]+:s3:::[^/]+/.+", re.DOTALL)
ENDING = ".env"
ACTION = "s3:GetObject"


@rule(
    "environment-file-invalid",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/use-environment-file.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report files that ECS does not take, or cannot read."""
    for place in container.node.get("EnvironmentFiles"):
        if isinstance(place.raw, list) and len(place.raw) > MOST and all(_is_certain(raw) for raw in place.raw):
            message = f"container `{container.label}` has {len(place.raw)} environment files; ECS takes {MOST}"
            yield Finding(place, message, "Join environment files")
    for entry in container.node.all_items("EnvironmentFiles"):
        yield from _types(container, entry)
        for known in contents(entry, "Value"):
            yield from _value(container, known)


def _types(container: Container, entry: Node) -> Iterator[Finding]:
    for known in texts(entry, "Type"):
        if known.value != "s3":
            message = f"an environment file of container `{container.label}` has the type `{known.value}`, not `s3`"
            yield Finding(known.at, message, "Set its type to `s3`", assumed=known.assumed)


def _value(container: Container, known: Known[Value]) -> Iterator[Finding]:
    text = PLACEHOLDER.sub(HOLE, skeleton(known.value))
    if not text:
        return  # the default of a parameter, mostly, which stands for "none"
    what = f"environment file `{readable(text)}` of container `{container.label}`"
    if HOLE not in text and not OBJECT.fullmatch(text):
        fix = "Write it as `arn:aws:s3:::BUCKET/FILE.env`"
        yield Finding(known.at, f"{what} is no ARN of an object in S3", fix, assumed=known.assumed)
    elif not text.endswith((ENDING, HOLE)):
        yield Finding(known.at, f"{what} does not end in `{ENDING}`", "Rename the file", assumed=known.assumed)
    else:
        bucket = _bucket(container, known.value)
        for _, role in jointly([known], container.definition.execution_roles):
            if lacks(role.value, ACTION, known.value) and not (bucket and lets_roles(bucket.statements, ACTION)):
                message = f"execution role `{role.value.label}` has no permission `{ACTION}` to read {what}"
                fix = f"Allow `{ACTION}` on the file to the execution role"
                yield Finding(known.at, message, fix, None if bucket else WARNING, assumed(known, role))


def _bucket(container: Container, value: Value) -> Bucket | None:
    """The bucket of the templates in which a file lies."""
    for part in value.parts if isinstance(value, Text) else ():
        if isinstance(part, Reference) and part.document.type_of(part.name) == Bucket.TYPE:
            return container.definition.model.resource(Bucket, part.document, part.name)
    return None


def _is_certain(raw: object) -> bool:
    return isinstance(raw, dict) and not any(str(key).startswith("Fn::") or key == "Ref" for key in raw)
