"""Secrets and parameters, from which containers get values."""

import json
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from roadworthy.template.model.key import Key
from roadworthy.template.model.properties import Known, contents, references, texts
from roadworthy.template.model.resource import Resource
from roadworthy.template.node import Node
from roadworthy.template.resolve import SUBSTITUTION
from roadworthy.template.values import HOLE, Value, skeleton

if TYPE_CHECKING:
    from roadworthy.template.document import Document
    from roadworthy.template.model.model import Model

# What an attachment adds to a secret; Redshift, DocumentDB and RDS do not all add the same.
# https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html
ADDED_KEYS = frozenset({"engine", "host", "port", "dbname", "dbInstanceIdentifier", "dbClusterIdentifier"})
ATTACHED_KEYS = ADDED_KEYS | {"username", "password", "masterarn", "ssl", "clusterArn", "serviceArn", "namespaceName"}


class Attachment(Resource):
    """What puts a database's host, port and name into a secret.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secrettargetattachment.html
    """

    TYPE = "AWS::SecretsManager::SecretTargetAttachment"


class Secret(Resource):
    """A secret of AWS Secrets Manager.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
    """

    TYPE = "AWS::SecretsManager::Secret"

    @cached_property
    def names(self) -> list[Known[str]]:
        """Its name, where it is written."""
        return texts(self.node, "Name")

    @cached_property
    def encryption_keys(self) -> list[Known[Key]]:
        """The keys of the templates that encrypt it."""
        return self.referred(Key, "KmsKeyId")

    @cached_property
    def attachments(self) -> list[Attachment]:
        """What adds a database's address to it."""
        return self.model.index(SecretJoins).attachments.get((self.document, self.logical_id), [])

    @property
    def has_policy(self) -> bool:
        """Whether a policy is attached to it, which may let a role read it."""
        return (self.document, self.logical_id) in self.model.index(SecretJoins).with_policy

    @cached_property
    def own_keys(self) -> frozenset[str] | None:
        """The JSON keys that the template writes; empty for a plain text; None when they are not known."""
        raw = self.node.raw
        if not isinstance(raw, dict) or ("SecretString" in raw) == ("GenerateSecretString" in raw):
            return None  # its value is put in later, or it is not known which
        return _keys_of_text(self.node) if "SecretString" in raw else _generated_keys(self.node)

    @cached_property
    def json_keys(self) -> frozenset[str] | None:
        """The keys of its value, with those that an attachment adds; None when they are not known."""
        own = self.own_keys
        if not self.attachments:
            return own
        return own | ATTACHED_KEYS if own else None


class Parameter(Resource):
    """A parameter of AWS Systems Manager.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html
    """

    TYPE = "AWS::SSM::Parameter"

    @cached_property
    def names(self) -> list[Known[str]]:
        """Its name, where it is written."""
        return texts(self.node, "Name")


class SecretJoins:
    """What the templates attach to secrets (each by its document and logical id): database addresses, and policies."""

    def __init__(self, model: "Model") -> None:
        self.attachments: dict[tuple[Document, str], list[Attachment]] = {}
        self.with_policy: set[tuple[Document, str]] = set()
        for attachment in model.all(Attachment):
            for secret in attached_secrets(attachment.node):
                self.attachments.setdefault(secret, []).append(attachment)
        for document in model.documents:
            for policy in document.of_type("AWS::SecretsManager::ResourcePolicy"):
                self.with_policy.update(attached_secrets(policy))


def attached_secrets(node: Node, name: str = "SecretId") -> Iterator[tuple["Document", str]]:
    """The secrets to which a property refers, be it by way of their attachment."""
    for known in references(node, name, Secret.TYPE, Attachment.TYPE):
        document, logical_id, _ = known.value
        if document.type_of(logical_id) == Secret.TYPE:
            yield document, logical_id
        else:
            inner = references(document.properties(logical_id), "SecretId", Secret.TYPE)
            yield from ((each.value.document, each.value.name) for each in inner)


def _keys_of_text(node: Node) -> frozenset[str] | None:
    """The keys of `SecretString`: of a JSON object, of which values may be unknown."""
    known = contents(node, "SecretString")
    text = _written(known[0]) if len(known) == 1 else None
    return None if text is None else _keys(text)


def _generated_keys(node: Node) -> frozenset[str] | None:
    """The keys of a generated value: those of the template, and the one for the password; none of a plain password."""
    generated: Any = node.raw["GenerateSecretString"]
    if not isinstance(generated, dict) or any(name.startswith("Fn::") for name in generated):
        return None
    if "SecretStringTemplate" not in generated and "GenerateStringKey" not in generated:
        return frozenset()
    place = node.child("GenerateSecretString")
    templates, added = contents(place, "SecretStringTemplate"), texts(place, "GenerateStringKey")
    if len(templates) != 1 or len(added) != 1 or added[0].assumed:
        return None
    text = _written(templates[0])
    keys = None if text is None else _keys(text)
    return None if keys is None else keys | {added[0].value}


def _written(known: Known[Value]) -> str | None:
    """A text with HOLE for each gap; also for parameters with a default, which tells nothing of the keys around it."""
    if not known.assumed:
        return skeleton(known.value)
    raw = known.at.raw
    inside = raw.get("Fn::Sub") if isinstance(raw, dict) else None
    text = inside[0] if isinstance(inside, list) and inside else inside
    return SUBSTITUTION.sub(HOLE, text) if isinstance(text, str) else None


def _keys(text: str) -> frozenset[str] | None:
    """The keys of a JSON object of which parts may be holes; none of other texts; None when that cannot be told."""
    for filled in (text, text.replace(HOLE, "0")):  # a hole is a part of a string, or stands for a number
        try:
            value = json.loads(filled)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            return None if any(HOLE in key for key in value) else frozenset(value)
        break
    return None if HOLE in text else frozenset()
