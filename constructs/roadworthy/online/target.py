"""Where a document will be deployed, and what its pseudo parameters are there.

A cloud assembly says it of each stack; everything else, and a stack that CDK calls environment-agnostic, goes where
the session is.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
"""

import os
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from roadworthy.online.arn import Arn
from roadworthy.online.aws import Aws
from roadworthy.template.assembly import Stack, stacks
from roadworthy.template.document import Document
from roadworthy.template.problems import UnreadableError
from roadworthy.template.values import Reference, Text, Value, known_text

Environment = tuple[str | None, str | None]  # account and region, as far as they are known


class Target(NamedTuple):
    """An account and a region; `own` when the account is the caller's."""

    account: str
    region: str
    partition: str
    url_suffix: str
    own: bool

    def text(self, value: Value) -> str | None:
        """The whole text of a value, pseudo parameters filled in; None when any of it is not known."""
        if isinstance(value, Text):
            pieces = [self.text(part) for part in value.parts]
            return None if None in pieces else "".join(piece for piece in pieces if piece is not None)
        if isinstance(value, Reference):
            return self._pseudo_parameters().get(value.name) if not value.attribute else None
        return known_text(value)

    def arn(self, service: str, resource: str) -> Arn:
        """The ARN of something that is deployed there."""
        return Arn(self.partition, service, self.region, self.account, resource)

    def _pseudo_parameters(self) -> Mapping[str, str]:
        return {
            "AWS::AccountId": self.account,
            "AWS::Region": self.region,
            "AWS::Partition": self.partition,
            "AWS::URLSuffix": self.url_suffix,
        }


def targets(documents: Sequence[Document], aws: Aws) -> dict[Document, Target]:
    """Where each document goes; a nested stack goes where its parent does."""
    manifests: dict[str, dict[str, Environment]] = {}
    found: dict[Document, Environment] = {}
    for document in documents:
        folder, name = os.path.split(document.file)
        if folder not in manifests:
            manifests[folder] = _environments(folder) if document.synthesized else {}
        if name in manifests[folder]:
            _spread(document, manifests[folder][name], found)
    return {document: _target(found.get(document, (None, None)), aws) for document in documents}


def _spread(document: Document, environment: Environment, found: dict[Document, Environment]) -> None:
    if document not in found:
        found[document] = environment
        for child in document.nested.values():
            _spread(child, environment, found)


def _target(environment: Environment, aws: Aws) -> Target:
    account, region = environment[0] or aws.account, environment[1] or aws.region
    return Target(account, region, aws.partition(region), aws.url_suffix(region), own=account == aws.account)


def _environments(folder: str) -> dict[str, Environment]:
    """Template file -> its stack's account and region, as the assembly's manifest has them; empty without one."""
    try:
        return {os.path.basename(stack.file): (stack.account, stack.region) for stack in _own(folder)}
    except UnreadableError:
        return {}


def _own(folder: str) -> list[Stack]:
    """The stacks whose templates lie in the folder itself: stages have folders of their own."""
    return [stack for stack in stacks(folder) if os.path.dirname(stack.file) == folder]
