"""Reading `valueFrom`: which secret or parameter a container gets, and which part of it.

Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from roadworthy.rules.facts.arn import arn_text, of_attachment
from roadworthy.template.conditions import When
from roadworthy.template.model.container import Container
from roadworthy.template.model.model import Model
from roadworthy.template.model.properties import contents, texts
from roadworthy.template.model.secret import Attachment, Parameter, Secret
from roadworthy.template.node import Node
from roadworthy.template.pattern import Pattern
from roadworthy.template.values import HOLE, Reference, Text, Value, joined, skeleton

SECRETS_MANAGER = "secretsmanager"
PARAMETER_STORE = "ssm"
SECRET_FIELD = 6  # arn:partition:secretsmanager:region:account:secret:NAME
PARAMETER = Pattern(r"arn:[^:]*:ssm:[^:]*:[^:]*:parameter/.+", re.DOTALL)
NAME = Pattern(r"[A-Za-z0-9_.\-/]+")
SUFFIX = Pattern(r"-[A-Za-z0-9]{6}$")


class SecretReference(NamedTuple):
    """A value that a container gets when it starts.

    Attributes:
        service: SECRETS_MANAGER or PARAMETER_STORE.
        arn: of the secret (without the fields behind its name) or of the parameter.
        name: its name as it is written, with HOLE for gaps; of a secret with its suffix, if it has one.
        fields: what follows the name of a secret: JSON key, version stage, version id.
        written: the whole value, for messages.
    """

    service: str
    arn: Value
    name: str
    fields: tuple[str, ...]
    written: str


class SecretUse(NamedTuple):
    """A place where a container uses a secret: an entry of `secrets` or of a log driver's `secretOptions`."""

    container: Container
    name: str
    at: Node
    value: Value
    when: When
    assumed: frozenset[str]
    reference: SecretReference | None


def uses(container: Container) -> list[SecretUse]:
    """All that a container uses by `valueFrom`, with each value that it can have; read once."""
    known = container.definition.model.index(_uses)
    if container not in known:
        known[container] = _uses_of(container)
    return known[container]


def _uses(_: Model) -> dict[Container, list[SecretUse]]:
    return {}


def _uses_of(container: Container) -> list[SecretUse]:
    raw = container.node.raw
    entries = container.node.all_items("Secrets") if container.node.document.spell("Secrets") in raw else []
    entries += [item for place in container.log_configurations for item in place.all_items("SecretOptions")]
    return [use for entry in entries for use in _uses_in(container, entry)]


def _uses_in(container: Container, entry: Node) -> Iterator[SecretUse]:
    names = texts(entry, "Name")
    for known in contents(entry, "ValueFrom"):
        name, reference = names[0].value if names else "?", parse(known.value)
        yield SecretUse(container, name, known.at, known.value, known.when, known.assumed, reference)


def parse(value: Value) -> SecretReference | None:
    """Read a `valueFrom`; None where it is not known what kind of secret it names."""
    if isinstance(value, str):
        return _parse_text(value)
    return _parse_parts(value)


def _parse_parts(value: Value) -> SecretReference | None:
    parts = value.parts if isinstance(value, Text) else (value,)
    head = parts[0]
    if isinstance(head, Reference):
        kind = head.document.type_of(head.name)
        rest = skeleton(joined([*parts[1:]])) if len(parts) > 1 else ""
        if kind in {Secret.TYPE, Attachment.TYPE} and rest[:1] in {"", ":"}:
            fields = tuple(rest[1:].split(":")) if rest else ()
            return SecretReference(SECRETS_MANAGER, of_attachment(head), _shown(value), fields, _shown(value))
        if kind == Parameter.TYPE and not rest:
            return SecretReference(PARAMETER_STORE, head, _shown(value), (), _shown(value))
    text = arn_text(value)
    return _parse_arn(text, value) if text.startswith("arn:") and HOLE not in text else None


@lru_cache(maxsize=4096)
def _parse_text(text: str) -> SecretReference | None:
    if text.startswith("arn:"):
        return _parse_arn(text, text)
    if not NAME.fullmatch(text):
        return None
    arn = f"arn:*:ssm:*:*:parameter/{text.lstrip('/')}"
    return SecretReference(PARAMETER_STORE, arn, text, (), text)


def _parse_arn(text: str, value: Value) -> SecretReference | None:
    parts = text.split(":")
    if len(parts) > SECRET_FIELD and parts[2] == SECRETS_MANAGER and parts[5] == "secret":
        name, fields = parts[SECRET_FIELD], tuple(parts[SECRET_FIELD + 1 :])
        return SecretReference(SECRETS_MANAGER, ":".join(parts[: SECRET_FIELD + 1]), name, fields, _shown(value))
    if PARAMETER.fullmatch(text):
        return SecretReference(PARAMETER_STORE, text, text.partition(":parameter")[2], (), _shown(value))
    return None


def joined_secret(container: Container, found: SecretReference) -> Secret | None:
    """The secret of the templates that a container's reference names."""
    if isinstance(found.arn, Reference) and found.arn.document.type_of(found.arn.name) == Secret.TYPE:
        return container.definition.model.resource(Secret, found.arn.document, found.arn.name)
    return None


def has_suffix(name: str) -> bool:
    """Whether a secret's name ends in what may be the six characters that Secrets Manager adds to it in the ARN."""
    return SUFFIX.search(name) is not None or name.endswith((HOLE, "*"))


def _shown(value: Value) -> str:
    """The value for messages, each reference by its name: `${DatabaseSecret}:password`."""
    parts = value.parts if isinstance(value, Text) else (value,)
    return "".join(f"${{{part.name}}}" if isinstance(part, Reference) else skeleton(part) for part in parts)
