"""Right definitions in which anything is anything else: no rule may fail on what it did not expect."""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.coverage import good
from tests.unit.rules.test_robustness import VALUES, check

SNAPSHOT = Path(__file__).parents[2] / "synth" / "snapshots" / "QueryServiceStack.json"
STRANGE = [
    None,
    True,
    -1,
    0,
    1.5,
    10**30,
    "",
    "x",
    "-",
    "0-99999",
    "1-2-3",
    "*",
    "${",
    "arn:",
    ":::::",
    "{{resolve:ssm:x}}",
]
STRANGE += [[], {}, [None], [[]], [{}], {"Ref": "AWS::NoValue"}, {"Ref": "Nowhere"}, {"Ref": None}, {"Fn::If": []}]
STRANGE += [{"Fn::If": ["C", {"Ref": "AWS::NoValue"}, 1]}, {"Fn::GetAtt": "x"}, {"Fn::Sub": "${A.B}-${C}"}]
STRANGE += [{"Fn::Select": [9, [1]]}, {"Fn::Join": [",", [{"Ref": "A"}, None]]}, {"Fn::Transform": {"Name": "X"}}]
CHANGES = st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from(STRANGE) | VALUES), min_size=1, max_size=4)


def places(tree, path=()):
    """The paths of all values of a tree, the outermost first."""
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in entries:
        yield (*path, key)
        yield from places(value, (*path, key))


def changed(text, changes):
    """The tree with some values replaced; each place is chosen by a number, among those that are left."""
    tree = json.loads(text)
    for number, value in changes:
        left = list(places(tree))
        if left:
            *above, last = left[number % len(left)]
            target = tree
            for key in above:
                target = target[key]
            target[last] = copy.deepcopy(value)  # a value that is put in twice must not become one
    return tree


TEXTS = {
    "template": json.dumps(good.template()),
    "stack": SNAPSHOT.read_text(encoding="utf-8") if SNAPSHOT.exists() else json.dumps(good.template()),
    **{name: json.dumps(definition) for name, definition in good.definitions().items()},
}


@pytest.mark.parametrize("name", TEXTS)
def test_no_rule_fails_whatever_stands_where(name):
    @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
    @given(CHANGES)
    def any_change(changes):
        check(changed(TEXTS[name], changes))

    any_change()
