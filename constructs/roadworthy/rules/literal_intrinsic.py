"""A reference is written as a function, not as a text.

## Why is this bad?

`!Ref Name` within quotation marks or within a longer text, and `${Name}` outside `Fn::Sub`, are texts: ECS gets them
letter by letter, refuses the role, the image or the log group of that name, or hands the text to the application.

Reported are texts in task definitions and services that name a parameter, a resource or a pseudo parameter of the
template, and the plain name of one where only an id or an ARN can stand. `${Name}` in commands is the shell's and left
alone; in environment variables and options it is a warning, and so is a log group that is named as the resource.
In templates that CDK wrote nobody could have known the names, so that they are left alone.

## Example

```yaml fails
Resources:
  Logs:
    Type: AWS::Logs::LogGroup
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          Environment: [{Name: LOG_GROUP, Value: "!Ref Logs"}]
```

```yaml passes
Resources:
  Logs:
    Type: AWS::Logs::LogGroup
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          Environment: [{Name: LOG_GROUP, Value: !Ref Logs}]
```
"""

from collections.abc import Iterator
from typing import Any

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.template.document import TEMPLATE, Document
from roadworthy.template.model.properties import texts
from roadworthy.template.node import Key, Node
from roadworthy.template.pattern import Pattern

TYPES = ("AWS::ECS::TaskDefinition", "AWS::ECS::Service")
SHORT = Pattern(r"!(?:Ref|GetAtt|Sub)\s+[\"']?([A-Za-z0-9]+(?:::[A-Za-z]+)?)")
SUBSTITUTION = Pattern(r"\$\{([A-Za-z0-9]+(?:::[A-Za-z]+)?)(?:\.[A-Za-z0-9.]+)?\}")
LARGEST = 1024 * 1024  # characters; CloudFormation takes 1 MB
PSEUDO = {"AWS::Region", "AWS::AccountId", "AWS::Partition", "AWS::StackName", "AWS::StackId", "AWS::URLSuffix"}
OF_SHELL = {"Command", "EntryPoint", "HealthCheck"}
OF_APPLICATION = {"Environment", "Options", "DockerLabels"}
IDS = {"TargetGroupArn", "Subnets", "SecurityGroups", "FilesystemId", "AccessPointId"}
LOG_GROUP = "awslogs-group"


@rule(
    "literal-intrinsic",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html",
)
def check(document: Document) -> Iterator[Finding]:
    """Report texts that should be references."""
    if document.kind != TEMPLATE or document.synthesized or len(document.text) > LARGEST:
        return
    for node in (node for kind in TYPES for node in document.of_type(kind)):
        for path, text in _plain_texts(node.raw):
            yield from _literal(document, node, path, text)


def _plain_texts(tree: Any) -> Iterator[tuple[tuple[Key, ...], str]]:
    """The texts of a tree and their paths, but for what `Fn::Sub` substitutes."""
    pending: list[tuple[tuple[Key, ...], Any]] = [((), tree)]
    while pending:
        path, raw = pending.pop()
        if isinstance(raw, str):
            yield path, raw
        elif isinstance(raw, dict):
            pending += [((*path, key), value) for key, value in raw.items() if key not in {"Fn::Sub", "Ref"}]
        elif isinstance(raw, list):
            pending += [((*path, index), value) for index, value in enumerate(raw)]


def _literal(document: Document, node: Node, path: tuple[Key, ...], text: str) -> Iterator[Finding]:
    short = SHORT.search(text) if "!" in text else None
    braces = SUBSTITUTION.search(text) if "${" in text and not OF_SHELL.intersection(path) else None
    match = short if short and _is_known(document, short[1]) else braces
    if match and _is_known(document, match[1]):
        severity = WARNING if match is braces and OF_APPLICATION.intersection(path) else ERROR
        message = f"`{match[0]}` is a text here, no reference to `{match[1]}`"
        fix = f"Write `!Sub` before the whole text, with `${{{match[1]}}}` in it"
        yield Finding(_at(node, path), message, fix, severity)
    elif text in document.resources or text in document.parameters:
        is_log_group = path[-1:] == (LOG_GROUP,) and document.type_of(text) == "AWS::Logs::LogGroup"
        if is_log_group and not _is_named(document, text):
            message = f"the log group is the text `{text}`, not the resource of that name"
            yield Finding(_at(node, path), message, f"Write `!Ref {text}`", WARNING)
        elif IDS.intersection(path[-2:]) and not any(str(key).startswith("Fn::") for key in path[-3:]):
            message = f"`{text}` is a text here, no reference to `{text}`"
            yield Finding(_at(node, path), message, f"Write `!Ref {text}`")


def _is_known(document: Document, name: str) -> bool:
    return name in document.parameters or name in document.resources or name in PSEUDO


def _is_named(document: Document, logical_id: str) -> bool:
    """Whether the log group has just that name."""
    return any(known.value == logical_id for known in texts(document.properties(logical_id), "LogGroupName"))


def _at(node: Node, path: tuple[Key, ...]) -> Node:
    for key in path:
        node = node.child(key)
    return node
