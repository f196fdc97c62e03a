"""A running service as documents, so that the same rules read it that read templates."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from roadworthy.template.document import Document
from roadworthy.template.kinds import classify
from roadworthy.template.sources import Sources, link

Raw = Mapping[str, Any]


def sources(definition: Raw, service: Raw | None = None, target_groups: Iterable[Raw] = (), *, name: str) -> Sources:
    """What AWS tells of a service, to be checked.

    Args:
        definition: its task definition, as DescribeTaskDefinition answers it or RegisterTaskDefinition takes it.
        service: as DescribeServices answers it; None: only the task definition is checked.
        target_groups: as DescribeTargetGroups answers them.
        name: how findings name it, in place of a file.
    """
    groups = list(target_groups)
    trees: list[Raw] = [{"taskDefinition": dict(definition)}]
    if service is not None:
        trees.append({"services": [{key: value for key, value in service.items() if key not in _PAST}]})
    if groups:
        trees.append({"TargetGroups": groups})
    documents = [_document(tree, f"{name}/{_part(tree)}") for tree in trees]
    link(documents)
    return Sources(documents, [])


_PAST = {"events", "deployments", "taskSets"}  # of a service: what it did, not what it is


def _part(tree: Raw) -> str:
    return {"taskDefinition": "task-definition", "services": "service", "TargetGroups": "target-group"}[
        next(iter(tree))
    ]


def _document(tree: Raw, file: str) -> Document:
    text = json.dumps(tree, default=_plain, indent=1)
    plain = json.loads(text)
    kind, roots = classify(plain)
    return Document(file=file, text=text, syntax="json", kind=kind, tree=plain, roots=roots)


def _plain(value: object) -> object:
    return value.timestamp() if isinstance(value, datetime) else str(value)
