import copy
import json

import pytest

from roadworthy.rules.engine.run import run
from roadworthy.template.document import Document
from roadworthy.template.kinds import classify
from roadworthy.template.sources import Sources, link


def merged(base, changes):
    """`base` with `changes` laid over it, mapping by mapping; None removes."""
    result = copy.copy(base)
    for key, value in changes.items():
        both = isinstance(value, dict) and isinstance(base.get(key), dict)
        result[key] = merged(base[key], value) if both else value
        if value is None:
            del result[key]
    return result


@pytest.fixture
def report_of():
    """The report on trees that are read together, as from files."""

    def build(*trees, **options):
        documents = []
        for index, tree in enumerate(trees):
            kind, roots = classify(tree)
            text = json.dumps(tree)
            documents.append(
                Document(file=f"{index}.json", text=text, syntax="json", kind=kind, tree=tree, roots=roots)
            )
        link(documents)
        return run(Sources(documents, []), **options)

    return build


@pytest.fixture
def found(report_of):
    """(severity, message) of one rule's findings on a template with the given resources and sections."""

    def check(rule, resources, **sections):
        report = report_of({"Resources": resources, **sections})
        assert [finding.message for finding in report.findings if finding.rule == "internal-error"] == []
        return [(finding.severity, finding.message) for finding in report.findings if finding.rule == rule]

    return check


@pytest.fixture
def task():
    """A task definition of one good container, changed."""

    def build(metadata=None, **container):
        good = {"Name": "api", "Image": "api:82f44fb", "Essential": True}
        properties = {"ContainerDefinitions": [merged(good, container)]}
        resource = {"Type": "AWS::ECS::TaskDefinition", "Properties": properties}
        return {"Task": {**resource, "Metadata": metadata} if metadata else resource}

    return build
