"""The rules' own examples, with a piece of each replaced by something else: no rule fails on one."""

import copy
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from roadworthy.rules.engine.pages import examples
from roadworthy.rules.engine.registry import all_rules
from roadworthy.rules.engine.run import run
from roadworthy.template.document import TEMPLATE, Document
from roadworthy.template.kinds import classify
from roadworthy.template.parse import parse
from roadworthy.template.sources import Sources, link

TREES = [
    tree
    for rule in all_rules()
    for example in examples(rule)
    for _, tree in [parse(example.text, f"example.{example.language}")]
    if classify(tree)[0] == TEMPLATE
]
NOTHING = {"Ref": "AWS::NoValue"}
OTHERS = [None, 7, "", "x", [], {}, [7, None], NOTHING, {"Ref": "X"}, {"Ref": "Task"}, {"Fn::GetAtt": "Task.Arn"}]
OTHERS += [{"Fn::If": ["A", "x", NOTHING]}, {"Fn::Transform": {}}, {"Fn::Join": ["", ["a", {"Ref": "Secret"}, ":b"]]}]


def replaced(tree, steps, other):
    """`tree` with `other` in the place that `steps` lead to: at each the n-th key or item."""
    keys = list(tree) if isinstance(tree, dict) else list(range(len(tree))) if isinstance(tree, list) else []
    if not steps or not keys:
        return copy.deepcopy(other)
    key = keys[steps[0] % len(keys)]
    result = copy.copy(tree)
    result[key] = replaced(tree[key], steps[1:], other)
    return result


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(TREES), st.lists(st.integers(0, 9), min_size=2, max_size=9), st.sampled_from(OTHERS))
def test_no_rule_fails_on_a_broken_example(tree, steps, other):
    resources = {"Resources": replaced(tree["Resources"], steps[1:], other)}
    document = Document(file="t.json", text=json.dumps(resources), syntax="json", kind=TEMPLATE, tree=resources)
    link([document])
    report = run(Sources([document], []))
    assert [finding.message for finding in report.findings if finding.rule == "internal-error"] == []
