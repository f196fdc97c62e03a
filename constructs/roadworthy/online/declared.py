"""The names of what the documents themselves make: it need not exist before the deployment, so nobody asks for it."""

import re
from collections.abc import Sequence

from roadworthy.template.document import TEMPLATE, Document
from roadworthy.template.resolve import values
from roadworthy.template.values import HOLE, skeleton

# What can be declared -> the types that do, each with the property that names it.
LOG_GROUP = {"AWS::Logs::LogGroup": "LogGroupName", "Custom::LogRetention": "LogGroupName"}
PARAMETER = {"AWS::SSM::Parameter": "Name"}
SECRET = {"AWS::SecretsManager::Secret": "Name"}
REPOSITORY = {"AWS::ECR::Repository": "RepositoryName"}
ALARM = {"AWS::CloudWatch::Alarm": "AlarmName", "AWS::CloudWatch::CompositeAlarm": "AlarmName"}
BUCKET = {"AWS::S3::Bucket": "BucketName"}


class Declared:
    """The names of one kind of resource that the documents declare, some of them only partly known."""

    def __init__(self, documents: Sequence[Document], kind: dict[str, str]) -> None:
        names = {
            skeleton(value.value)
            for document in documents
            if document.kind == TEMPLATE
            for resource_type, name in kind.items()
            for resource in document.of_type(resource_type)
            for _, value in values(resource, name)
        }
        self._known = {name for name in names if HOLE not in name}
        self._patterns = [re.compile(_pattern(name), re.DOTALL) for name in names - self._known]

    def may_be(self, name: str) -> bool:
        """Whether the documents declare `name`, or perhaps do."""
        return name in self._known or any(pattern.fullmatch(name) for pattern in self._patterns)


def _pattern(name: str) -> str:
    return ".*".join(re.escape(piece) for piece in name.split(HOLE))
