"""A file to register holds nothing that only AWS's answers have.

## Why is this bad?

`taskDefinitionArn`, `revision`, `status` and others are in what AWS answers, not in what it takes:
`aws ecs register-task-definition --cli-input-json` refuses a file that has them, and one with `null` as a value. Some
pipelines remove them, so that this is a warning. The whole answer of a describe command, which nobody registers as it
is, is left alone; so is what ecspresso keeps in the service definitions that it writes.

## Example

```json fails
{
  "taskDefinitionArn": "arn:aws:ecs:eu-west-1:123456789012:task-definition/shop:7",
  "revision": 7,
  "family": "shop",
  "containerDefinitions": [{"name": "api", "image": "api:82f44fb"}]
}
```

```json passes
{
  "family": "shop",
  "containerDefinitions": [{"name": "api", "image": "api:82f44fb"}]
}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.rules.facts.ecs_members import DESCRIBED, NULL, deviations, is_raw
from roadworthy.template.document import Document

OF_ECSPRESSO = {"platformFamily", "pendingCount", "runningCount"}


@rule(
    "describe-only-key",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html",
)
def check(document: Document) -> Iterator[Finding]:
    """Report, together, the members that only answers have, and the nulls."""
    if not is_raw(document) or document.roots != ((),):
        return
    found = list(deviations(document))
    described = [each for each in found if each.what == DESCRIBED and each.name not in OF_ECSPRESSO]
    nulls = [each for each in found if each.what == NULL]
    if described:
        names = ", ".join(f"`{each.name}`" for each in described)
        yield Finding(described[0].at, f"{names}: only AWS's answers have this", f"Remove {names}")
    if nulls:
        names = ", ".join(dict.fromkeys(f"`{each.name}`" for each in nulls))
        yield Finding(nulls[0].at, f"{names}: null, which the API does not take", "Remove the members that are null")
