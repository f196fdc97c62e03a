"""Reading properties of a resource that conditions, defaults and functions leave open or decide."""

import pytest

from roadworthy.template.conditions import ALWAYS
from roadworthy.template.model.properties import absent, assumed, contents, flags, jointly, numbers, references, texts
from roadworthy.template.values import Reference

CONDITIONS = {"A": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}}
PARAMETERS = {
    "Stage": {"Type": "String"},
    "Size": {"Type": "Number", "Default": 512},
    "Flag": {"Type": "String", "Default": "false"},
}
NO_VALUE = {"Ref": "AWS::NoValue"}


@pytest.fixture
def task(node_of):
    """The properties of a resource."""
    return lambda **properties: node_of(properties, Conditions=CONDITIONS, Parameters=PARAMETERS)


def known(found):
    return [each.value for each in found]


@pytest.mark.parametrize(
    ("written", "number"),
    [(256, [256]), ("256", [256]), (256.0, [256]), ("-1", [-1]), (0, [0]), ({"Ref": "Size"}, [512])],
)
def test_numbers_are_read_however_they_are_written(task, written, number):
    assert known(numbers(task(Cpu=written), "Cpu")) == number


@pytest.mark.parametrize(
    "written", [True, "1 vCPU", 1.5, "", None, [], {}, {"Ref": "Stage"}, "{{resolve:ssm:x}}", "9" * 40]
)
def test_what_is_no_number_is_not_known(task, written):
    assert numbers(task(Cpu=written), "Cpu") == []


@pytest.mark.parametrize(
    ("written", "flag"), [(True, [True]), ("true", [True]), ("False", [False]), ({"Ref": "Flag"}, [False]), (1, [])]
)
def test_flags_are_read_however_they_are_written(task, written, flag):
    assert known(flags(task(Essential=written), "Essential")) == flag


def test_a_default_holds_where_the_property_is_absent(task):
    (found,) = texts(task(), "NetworkMode", "bridge")
    assert (found.value, found.written, found.when) == ("bridge", False, ALWAYS)


def test_a_default_holds_under_the_condition_that_leaves_the_property_out(task):
    found = texts(task(NetworkMode={"Fn::If": ["A", "awsvpc", NO_VALUE]}), "NetworkMode", "bridge")
    assert [(each.value, each.written, [literal.holds for literal in each.when]) for each in found] == [
        ("awsvpc", True, [True]),
        ("bridge", False, [False]),
    ]


@pytest.mark.parametrize("written", [{"Ref": "Stage"}, {"Fn::ImportValue": "x"}, {"Fn::Transform": {}}])
def test_a_default_does_not_hold_where_the_value_is_unknown(task, written):
    assert texts(task(NetworkMode=written), "NetworkMode", "bridge") == []


def test_a_macro_beside_the_properties_may_add_any(task):
    assert absent(task(**{"Fn::Transform": {"Name": "AWS::Include"}}), "NetworkMode") == []


def test_a_value_that_rests_on_a_parameters_default_says_so(task):
    node = task(Memory={"Ref": "Size"}, Cpu="256")
    assert assumed(*numbers(node, "Memory"), *numbers(node, "Cpu")) == {"Size"}


def test_references_are_found_in_lists_and_branches(task):
    node = task(Groups=[{"Ref": "One"}, {"Fn::If": ["A", {"Fn::GetAtt": ["Two", "Id"]}, NO_VALUE]}, "sg-1"])
    node.document.resources = {name: {"Type": "T"} for name in ("One", "Two")}
    assert [(each.value.name, each.value.attribute) for each in references(node, "Groups", "T")] == [
        ("One", ""),
        ("Two", "Id"),
    ]


def test_only_combinations_that_one_deployment_can_have_are_joined(task):
    node = task(Cpu={"Fn::If": ["A", "256", "512"]}, Memory={"Fn::If": ["A", "512", "1024"]})
    pairs = [(cpu.value, memory.value) for cpu, memory in jointly(texts(node, "Cpu"), texts(node, "Memory"))]
    assert pairs == [("256", "512"), ("512", "1024")]


def test_contents_keep_what_is_not_a_text(task):
    (found,) = contents(task(Role={"Ref": "Stage"}), "Role")
    assert isinstance(found.value, Reference)
