"""Whatever is in a file, a check ends with a report."""

import json
import time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roadworthy.rules.engine.run import run
from roadworthy.template.document import Document
from roadworthy.template.kinds import classify
from roadworthy.template.problems import NotATemplate
from roadworthy.template.sources import Sources, link

NAMES = ["A", "B", "Task", "Group", "AWS::NoValue", "AWS::Region", "Task.Arn", "", "${A}"]
WORDS = [*NAMES, "nginx:latest", "${Task}:latest", "CMD-SHELL", "curl localhost:80/x", "HTTP", "/", "80"]
KEYS = ["Name", "Image", "Environment", "Secrets", "HealthCheck", "Command", "ContainerName", "ContainerPort"]
KEYS += ["TargetGroupArn", "TaskDefinition", "LoadBalancers", "ContainerDefinitions", "HealthCheckPath", "Protocol"]
FUNCTIONS = ["Ref", "Fn::If", "Fn::Sub", "Fn::Join", "Fn::Select", "Fn::Split", "Fn::GetAtt", "Fn::FindInMap"]
FUNCTIONS += ["Fn::ImportValue", "Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals", "Condition", "Fn::ForEach::X"]

SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.sampled_from(WORDS))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
        st.builds(lambda function, argument: {function: argument}, st.sampled_from(FUNCTIONS), inner),
        st.builds(lambda name, a, b: {"Fn::If": [name, a, b]}, st.sampled_from(NAMES), inner, inner),
    ),
    max_leaves=25,
)
TYPES = ["AWS::ECS::TaskDefinition", "AWS::ECS::Service", "AWS::ElasticLoadBalancingV2::TargetGroup"]
RESOURCES = st.one_of(
    VALUES, st.fixed_dictionaries({"Type": st.sampled_from([*TYPES, 7])}, optional={"Properties": VALUES})
)
TEMPLATES = st.fixed_dictionaries(
    {"Resources": st.dictionaries(st.sampled_from(NAMES), RESOURCES, max_size=4)},
    optional={
        name: st.dictionaries(st.sampled_from(NAMES), VALUES)
        for name in ("Conditions", "Parameters", "Mappings", "Outputs")
    },
)


def check(tree):
    text = json.dumps(tree)
    try:
        kind, roots = classify(tree)
    except NotATemplate:
        return
    document = Document(file="t.json", text=text, syntax="json", kind=kind, tree=tree, roots=roots)
    link([document])
    report = run(Sources([document], []))
    assert [finding for finding in report.findings if finding.rule == "internal-error"] == []


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(TEMPLATES)
def test_any_template_is_checked_without_a_failing_rule(template):
    check(template)


@settings(max_examples=50, deadline=None)
@given(st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_any_json_is_checked_or_skipped(tree):
    check(tree)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.sampled_from(["containerDefinitions", "taskDefinition", "family", "image", "name"]), VALUES))
def test_any_raw_definition_is_checked_or_skipped(tree):
    check(tree)


def test_references_in_a_circle_end():
    circle = {"Type": "AWS::ECS::TaskDefinition", "Properties": {"ContainerDefinitions": [{"Image": {"Ref": "Task"}}]}}
    document = {"Resources": {"Task": circle}, "Conditions": {"A": {"Condition": "B"}, "B": {"Condition": "A"}}}
    check(document)


def test_deep_nesting_ends():
    value = "nginx:latest"
    for _ in range(200):
        value = {"Fn::Join": ["", [value]]}
    task = {"Type": "AWS::ECS::TaskDefinition", "Properties": {"ContainerDefinitions": [{"Image": value}]}}
    check({"Resources": {"Task": task}})


def test_many_branches_end_in_the_time_that_their_number_takes():
    def branches(depth):
        return {"Fn::If": [f"C{depth}", branches(depth - 1), branches(depth - 1)]} if depth else "curl localhost:80/x"

    words = [branches(8)] * 20
    container = {"Name": "a", "Command": words, "EntryPoint": words, "HealthCheck": {"Command": words}}
    task = {"Type": "AWS::ECS::TaskDefinition", "Properties": {"ContainerDefinitions": [container]}}
    started = time.process_time()
    check({"Resources": {"Task": task}})
    assert time.process_time() - started < 2
