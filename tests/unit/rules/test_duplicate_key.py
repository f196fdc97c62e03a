import json

import pytest

from roadworthy.rules.engine.run import run
from roadworthy.template.document import Document
from roadworthy.template.kinds import classify
from roadworthy.template.parse import parse
from roadworthy.template.sources import Sources


@pytest.fixture
def of_text():
    """(severity, message, line, column) of what the rule finds in a file's text."""

    def check(text, file="t.yaml"):
        syntax, tree = parse(text, file)
        kind, roots = classify(tree)
        document = Document(file=file, text=text, syntax=syntax, kind=kind, tree=tree, roots=roots)
        findings = [each for each in run(Sources([document], [])).findings if each.rule == "duplicate-key"]
        return [(each.severity, each.message, each.line, each.column) for each in findings]

    return check


YAML = """
Resources:
  A:
    Type: T
  B:
    Properties: {Name: !Sub ["${x}", {x: 1, x: 2}]}
  A:
    Type: T
    Type: T
    Type: U
"""


def test_a_key_that_is_written_twice_in_yaml_is_an_error(of_text):
    assert sorted(of_text(YAML), key=lambda finding: finding[2]) == [
        ("error", "`x` is written twice in one mapping", 6, 48),
        ("error", "`A` is written twice in one mapping", 8, 5),
        ("error", "`Type` is written 3 times in one mapping", 10, 11),
    ]


def test_a_key_that_is_written_twice_in_json_is_a_warning(of_text):
    text = '{"Resources": {},\n "Outputs": {"a": [{"b": 1, "b": 2}]}}'
    assert of_text(text, "t.json") == [("warning", "`b` is written twice in one mapping", 2, 34)]


@pytest.mark.parametrize(
    "text",
    [
        "Resources: {A: {Type: T}, B: {Type: T}}",
        "Base: &base {a: 1, b: 2}\nResources: {A: {<<: *base, a: 3}}",
        "Base: &base {a: 1}\nMore: &more {a: 2}\nResources: {A: {<<: [*base, *more]}, B: {<<: *base, <<: *more}}",
        '{"Resources": {"A": {"Type": "A"}}}',
        "{Resources: {A: {Type: T}}}",
    ],
)
def test_keys_that_are_written_once_or_merged_are_silent(of_text, text):
    assert of_text(text) == []


def test_a_template_of_cdk_is_not_read_twice(of_text):
    resource = '{"Type": "T", "Type": "T", "Metadata": {"aws:cdk:path": "S/R"}}'
    assert of_text('{"Resources": {"R": %s}}' % resource, "t.json") == []  # noqa: UP031 - braces


def test_a_raw_file_is_looked_at(of_text):
    container = json.dumps({"name": "api", "image": "api:1"})
    text = '{"family": "f", "family": "g", "containerDefinitions": [%s]}' % container  # noqa: UP031 - braces
    assert of_text(text, "t.json") == [("warning", "`family` is written twice in one mapping", 1, 27)]
