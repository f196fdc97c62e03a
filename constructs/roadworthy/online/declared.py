"""The names of what the documents themselves make: it need not exist before the deployment, so nobody asks for it."""

import re
from collections.abc import Iterator, Sequence

from roadworthy.template.document import TEMPLATE, Document
from roadworthy.template.resolve import values
from roadworthy.template.values import HOLE, skeleton

# What can be declared: the types that do, each with the property that names it.
LOG_GROUP = {"AWS::Logs::LogGroup": "LogGroupName", "Custom::LogRetention": "LogGroupName"}
PARAMETER = {"AWS::SSM::Parameter": "Name"}
SECRET = {"AWS::SecretsManager::Secret": "Name"}
REPOSITORY = {"AWS::ECR::Repository": "RepositoryName"}
ALARM = {"AWS::CloudWatch::Alarm": "AlarmName", "AWS::CloudWatch::CompositeAlarm": "AlarmName"}
BUCKET = {"AWS::S3::Bucket": "BucketName"}


class Declared:
    """The names of one kind of resource that the documents declare, some of them only partly known."""

    def __init__(self, documents: Sequence[Document], kind: dict[str, str]) -> None:
        names = [(document, name) for document in documents for name in _names(document, kind)]
        self._known = {name for _, name in names if HOLE not in name}
        unknown = {(_scope(document, name), _pattern(name)) for document, name in names if HOLE in name}
        self._patterns = [(document, re.compile(pattern, re.DOTALL)) for document, pattern in unknown]

    def may_be(self, name: str, document: Document) -> bool:
        """Whether the documents declare the `name` that `document` uses, or perhaps do."""
        near = (pattern for scope, pattern in self._patterns if scope is None or scope is document)
        return name in self._known or any(pattern.fullmatch(name) for pattern in near)


def _names(document: Document, kind: dict[str, str]) -> Iterator[str]:
    """Its names as skeletons."""
    if document.kind == TEMPLATE:
        for resource_type, name in kind.items():
            for resource in document.of_type(resource_type):
                yield from (skeleton(value.value) for _, value in values(resource, name))


def _scope(document: Document, name: str) -> Document | None:
    """Where a partly known name counts: one that could be any name only in its own document, others (None) in all."""
    return None if any(char.isalnum() for char in name) else document


def _pattern(name: str) -> str:
    return ".*".join(re.escape(piece) for piece in name.split(HOLE))
