from pathlib import Path

import pytest

from roadworthy.rules.engine.pages import examples, pages
from roadworthy.rules.engine.registry import all_rules
from roadworthy.rules.engine.run import run
from roadworthy.template.document import Document
from roadworthy.template.kinds import classify
from roadworthy.template.parse import parse
from roadworthy.template.sources import Sources

DOCS = Path(__file__).parents[3] / "docs" / "rules"
EXAMPLES = [(rule.id, example) for rule in all_rules() for example in examples(rule)]


@pytest.mark.parametrize(("rule_id", "example"), EXAMPLES, ids=[f"{name}-{e.fails}" for name, e in EXAMPLES])
def test_a_pages_examples_do_what_they_say(rule_id, example):
    syntax, tree = parse(example.text, "example.yaml")
    kind, roots = classify(tree)
    document = Document(file="example.yaml", text=example.text, syntax=syntax, kind=kind, tree=tree, roots=roots)
    report = run(Sources([document], []))
    assert (rule_id in {finding.rule for finding in report.findings}) == example.fails
    assert {finding.rule for finding in report.errors} <= ({rule_id} if example.fails else set())


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_a_rule_shows_a_failing_and_a_passing_example_and_its_source(rule):
    assert {example.fails for example in examples(rule)} == {True, False}
    assert "## Why is this bad?" in rule.page
    assert rule.source.startswith("https://")


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_a_rules_file_is_named_as_the_rule(rule):
    assert rule.check.__module__ == f"roadworthy.rules.{rule.id.replace('-', '_')}"


def test_the_committed_pages_are_the_generated_ones():
    assert {file.name: file.read_text(encoding="utf-8") for file in DOCS.glob("*.md")} == pages()
