import pytest

from roadworthy.template.document import TEMPLATE, Document
from roadworthy.template.node import Node
from roadworthy.template.parse import parse


@pytest.fixture
def document():
    """Build a template from a Python mapping or from YAML text."""

    def build(template):
        if isinstance(template, str):
            syntax, tree = parse(template, "t.yaml")
            return Document(file="t.yaml", text=template, syntax=syntax, kind=TEMPLATE, tree=tree)
        return Document(file="t.json", text="{}", syntax="json", kind=TEMPLATE, tree=template)

    return build


@pytest.fixture
def node_of(document):
    """A node that holds one value, in a template with the given sections."""

    def build(raw, **sections):
        return Node(document(sections), raw, (), frozenset())

    return build
