"""Every environment variable has a value.

## Why is this bad?

A variable without a value is usually a value that was lost on the way: an undefined value in a CDK app is
left out of the template, and the application starts with an empty setting, or not at all.

An entry with a `ValueFrom` is a secret in the wrong list, which another rule reports.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb", Environment: [{Name: TABLE_NAME}]}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb", Environment: [{Name: TABLE_NAME, Value: orders}]}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.template.conditions import possible
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import absent


@rule(
    "empty-env-value-from-token",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KeyValuePair.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report environment variables without a value."""
    value, value_from = map(container.node.document.spell, ("Value", "ValueFrom"))
    for variable in container.environment:
        entry = variable.node.raw
        if type(entry.get(value)) is str or value_from in entry:  # nearly always
            continue
        if any(possible(variable.when, when) for when in absent(variable.node, "Value")):
            yield Finding(
                at=variable.node,
                message=f"container `{container.label}` has the environment variable `{variable.name}` without a value",
                fix=f"Give `{variable.name}` a value, or remove it",
                assumed=variable.assumed,
            )
