import pytest

from roadworthy.template.resolve import resolve
from roadworthy.template.values import HOLE, Reference, Unknown, readable, same, skeleton

SECTIONS = {
    "Parameters": {
        "Tag": {"Type": "String", "Default": "1.2"},
        "Open": {"Type": "String"},
        "Ssm": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/name/of/parameter"},
    },
    "Mappings": {"Sizes": {"prod": {"cpu": 512}}},
    "Conditions": {"A": {"Fn::Equals": [{"Ref": "Open"}, "a"]}},
    "Resources": {"Repo": {"Type": "AWS::ECR::Repository"}},
}
# value -> its skeletons, with … for what is unknown
CASES = [
    ("text", ["text"]),
    (8000, ["8000"]),
    (True, ["true"]),
    ({"Ref": "Tag"}, ["1.2"]),
    ({"Ref": "Open"}, ["…"]),
    ({"Ref": "Ssm"}, ["…"]),
    ({"Ref": "AWS::NoValue"}, []),
    ({"Ref": ["odd"]}, ["…"]),
    ({"Fn::Sub": "${Repo}:latest"}, ["…:latest"]),
    (
        {"Fn::Sub": "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/api:${Tag}"},
        ["….dkr.ecr.….amazonaws.com/api:1.2"],
    ),
    ({"Fn::Sub": "${Repo.Arn}/${!Literal}"}, ["…/${Literal}"]),
    ({"Fn::Sub": ["${name}:${Tag}", {"name": "api"}]}, ["api:1.2"]),
    ({"Fn::Sub": {"odd": 1}}, ["…"]),
    ({"Fn::Join": ["", [{"Ref": "Repo"}, ":latest"]]}, ["…:latest"]),
    ({"Fn::Join": [":", ["a", {"Ref": "AWS::NoValue"}, "b"]]}, ["a:b"]),
    ({"Fn::Join": [":", {"Ref": "Open"}]}, ["…"]),
    ({"Fn::Join": [":", {"Fn::Split": ["/", "a/b"]}]}, ["a:b"]),
    ({"Fn::Join": "odd"}, ["…"]),
    ({"Fn::Select": [1, ["a", "b"]]}, ["b"]),
    ({"Fn::Select": ["1", {"Fn::Split": [":", "repo:latest"]}]}, ["latest"]),
    ({"Fn::Select": [9, ["a"]]}, ["…"]),
    ({"Fn::Select": [0, {"Fn::Split": [":", {"Fn::GetAtt": ["Repo", "Arn"]}]}]}, ["…"]),
    ({"Fn::FindInMap": ["Sizes", "prod", "cpu"]}, ["512"]),
    ({"Fn::FindInMap": ["Sizes", {"Ref": "AWS::Region"}, "cpu"]}, ["…"]),
    ({"Fn::If": ["A", "x", "y"]}, ["x", "y"]),
    ({"Fn::If": ["A", "x", {"Ref": "AWS::NoValue"}]}, ["x"]),
    ({"Fn::If": ["A", {"Fn::If": ["A", "x", "never"]}, "y"]}, ["x", "y"]),
    ({"Fn::If": ["A"]}, ["…"]),
    ({"Fn::Join": ["-", [{"Fn::If": ["A", "1", "2"]}, {"Fn::If": ["A", "1", "2"]}]]}, ["1-1", "2-2"]),
    ({"Fn::ImportValue": "elsewhere"}, ["…"]),
    ({"Fn::Transform": {"Name": "X"}}, ["…"]),
    ({"Fn::Base64": "x"}, ["…"]),
    ("{{resolve:ssm:/image}}:latest", ["…:latest"]),
    ("{{ must_env `REPO` }}:latest", ["…:latest"]),
    (["a", "list"], ["…"]),
]


@pytest.mark.parametrize(("raw", "expected"), CASES, ids=[str(raw)[:60] for raw, _ in CASES])
def test_a_value_is_known_as_far_as_the_template_tells(node_of, raw, expected):
    values = resolve(node_of(raw, **SECTIONS))
    assert [readable(skeleton(value.value)) for value in values] == expected


def test_a_default_is_marked_as_assumed(node_of):
    (value,) = resolve(node_of({"Fn::Sub": "x:${Tag}"}, **SECTIONS))
    assert value.assumed == {"Tag"}


def test_a_resource_is_a_reference_with_its_attribute(node_of):
    (value,) = resolve(node_of({"Fn::GetAtt": "Repo.Arn"}, **SECTIONS))
    assert isinstance(value.value, Reference)
    assert (value.value.name, value.value.attribute) == ("Repo", "Arn")


def test_the_same_reference_is_equal_to_itself_and_an_unknown_is_not(node_of):
    node = node_of({"Fn::Sub": "${Open}-api"}, **SECTIONS)
    assert same(resolve(node)[0].value, resolve(node)[0].value)
    assert not same(Unknown(), Unknown())


def test_an_export_is_followed_into_the_other_template(document, node_of):
    other = document({"Outputs": {"Name": {"Value": "api", "Export": {"Name": "shared-name"}}}})
    node = node_of({"Fn::ImportValue": {"Fn::Join": ["-", ["shared", "name"]]}})
    node.document.exports = {"shared-name": other.output("Name")}
    assert [value.value for value in resolve(node)] == ["api"]


def test_a_nested_stack_gets_its_parents_arguments_and_gives_its_outputs(document, node_of):
    parent = node_of({"Fn::GetAtt": ["Nested", "Outputs.Image"]})
    nested = document(
        {"Parameters": {"Tag": {"Type": "String"}}, "Outputs": {"Image": {"Value": {"Fn::Sub": "x:${Tag}"}}}}
    )
    nested.arguments = node_of({"Tag": "latest"})
    parent.document.nested = {"Nested": nested}
    assert [value.value for value in resolve(parent)] == ["x:latest"]


def test_values_that_refer_to_each_other_end_as_unknown(document, node_of):
    circle = document(
        {"Outputs": {"A": {"Value": {"Fn::Join": ["", [{"Fn::ImportValue": "a"}, {"Fn::ImportValue": "a"}]]}}}}
    )
    circle.exports = {"a": circle.output("A")}
    (value,) = resolve(circle.output("A"))
    assert set(skeleton(value.value)) == {HOLE}


def test_too_many_combinations_are_unknown(node_of):
    pieces = [{"Fn::If": [f"C{index}", "0", "1"]} for index in range(12)]
    (value,) = resolve(node_of({"Fn::Join": ["", pieces]}))
    assert skeleton(value.value) == HOLE
