"""ARNs of which parts may be unknown, and whether a policy's pattern can match one.

Nothing here guesses: two ARNs differ only where they certainly do.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

import re
from functools import lru_cache

from roadworthy.template.model.bucket import Bucket
from roadworthy.template.model.log_group import LogGroup
from roadworthy.template.model.properties import references, texts
from roadworthy.template.model.repository import Repository
from roadworthy.template.model.secret import Attachment, Parameter, Secret
from roadworthy.template.pattern import Pattern
from roadworthy.template.values import HOLE, Reference, Text, Value, skeleton

WILDCARD = Pattern(f"[*?{HOLE}]")
SEPARATORS = 5  # arn:partition:service:region:account:resource
# The property that names a resource, and its ARN with that name.
ARNS = {
    Bucket.TYPE: ("BucketName", "arn:*:s3:::{}"),
    LogGroup.TYPE: ("LogGroupName", "arn:*:logs:*:*:log-group:{}:*"),
    Parameter.TYPE: ("Name", "arn:*:ssm:*:*:parameter/{}"),
    Repository.TYPE: ("RepositoryName", "arn:*:ecr:*:*:repository/{}"),
    Secret.TYPE: ("Name", "arn:*:secretsmanager:*:*:secret:{}-??????"),
}


def may_cover(pattern: Value, target: Value) -> bool:
    """Whether the pattern of a policy's `Resource` can match the ARN `target`; True too when that cannot be told."""
    if pattern == "*":
        return True
    one, other = _resource_in(pattern), _resource_in(target)
    if one and other and one.document.type_of(one.name) == other.document.type_of(other.name):
        return (one.document, one.name) == (other.document, other.name)
    return _may_match(arn_text(pattern), arn_text(target))


def arn_text(value: Value) -> str:
    """The text of an ARN: `*` for pseudo parameters and for names that are not written, HOLE for other gaps."""
    if isinstance(value, Reference):
        return _of_resource(value)
    if isinstance(value, Text):
        first, *rest = value.parts
        head = _of_resource(first) if isinstance(first, Reference) else skeleton(first)
        return head + "".join(_inside(part) if isinstance(part, Reference) else skeleton(part) for part in rest)
    return skeleton(value)


def of_attachment(reference: Reference) -> Reference:
    """The secret, where the reference is to what attaches a database to it; else the reference itself."""
    document, name, _ = reference
    if document.type_of(name) != Attachment.TYPE:
        return reference
    secrets = references(document.properties(name), "SecretId", Secret.TYPE)
    return secrets[0].value if len(secrets) == 1 else reference


def _resource_in(value: Value) -> Reference | None:
    """The one resource that a value is about."""
    parts = value.parts if isinstance(value, Text) else (value,)
    found = [of_attachment(part) for part in parts if isinstance(part, Reference) and part.document.type_of(part.name)]
    return found[0] if len(found) == 1 else None


def _of_resource(reference: Reference) -> str:
    """The ARN of a resource, as far as its kind and name tell; a pseudo parameter's part."""
    document, name, attribute = of_attachment(reference)
    kind = document.type_of(name)
    if kind in ARNS and (attribute in {"Arn", "Id"} or kind in {Secret.TYPE, Parameter.TYPE}):
        return ARNS[kind][1].format(_name(reference).lstrip("/"))
    return _inside(reference)


def _inside(reference: Reference) -> str:
    """A reference in the middle of an ARN: a resource's name, or a pseudo parameter."""
    if reference.name.startswith("AWS::"):
        return "*"
    kind = reference.document.type_of(reference.name)
    return _name(reference) if kind in ARNS and reference.attribute == "" else HOLE


def _name(reference: Reference) -> str:
    document, name, _ = of_attachment(reference)
    names = texts(document.properties(name), ARNS[str(document.type_of(name))][0])
    return names[0].value if len(names) == 1 and not names[0].assumed else HOLE


@lru_cache(maxsize=4096)
def _may_match(pattern: str, target: str) -> bool:
    """Whether two ARNs with gaps can be one; wildcards do not go beyond the field in which they stand."""
    one, other = pattern.split(":", SEPARATORS), target.split(":", SEPARATORS)
    fields = [*one[:SEPARATORS], *other[:SEPARATORS]]
    if len(one) != len(other) or any(HOLE in field for field in fields):
        # A text that is no ARN matches none; a gap may hold any number of fields.
        return HOLE in pattern + target or "*" in pattern
    return all(_field_may_match(left, right) for left, right in zip(one, other, strict=True))


def _field_may_match(pattern: str, target: str) -> bool:
    if pattern == target or "*" in (pattern, target):
        return True
    if not WILDCARD.search(target):
        return bool(_expression(pattern).fullmatch(target))
    if not WILDCARD.search(pattern):
        return bool(_expression(target).fullmatch(pattern))
    starts = [WILDCARD.split(text) for text in (pattern, target)]
    (start, *_, end), (other_start, *_, other_end) = starts
    same_start = start.startswith(other_start) or other_start.startswith(start)
    return same_start and (end.endswith(other_end) or other_end.endswith(end))


@lru_cache(maxsize=1024)
def _expression(pattern: str) -> re.Pattern[str]:
    wildcards = {"*": ".*", HOLE: ".*", "?": "."}
    return re.compile("".join(wildcards.get(char) or re.escape(char) for char in pattern), re.DOTALL)
