import pytest


@pytest.fixture
def before(document):
    """What exists before `Service`, in a template of resources that each say what they need."""

    def find(service, **others):
        resources = {"Service": service, **others}
        return document({"Resources": resources}).dependencies.of("Service")

    return find


@pytest.mark.parametrize(
    "service",
    [
        {"DependsOn": "Rule"},
        {"DependsOn": ["Other", "Rule"]},
        {"Properties": {"A": {"Ref": "Rule"}}},
        {"Properties": {"A": [{"B": {"Fn::GetAtt": ["Rule", "Arn"]}}]}},
        {"Properties": {"A": {"Fn::GetAtt": "Rule.Arn"}}},
        {"Properties": {"A": {"Fn::Sub": "x-${Rule.Arn}"}}},
        {"Properties": {"A": {"Fn::Sub": ["${B}", {"B": {"Ref": "Rule"}}]}}},
        {"Properties": {"A": {"Fn::If": ["C", {"Ref": "Rule"}, {"Ref": "AWS::NoValue"}]}}},
    ],
)
def test_what_a_resource_names_exists_before_it(before, service):
    assert "Rule" in before(service, Rule={}, Other={})


def test_what_others_need_exists_before_as_well(before):
    assert before({"DependsOn": "A"}, A={"DependsOn": "B"}, B={"Properties": {"X": {"Ref": "C"}}}, C={}) == {
        "A",
        "B",
        "C",
    }


def test_a_circle_ends_and_leaves_the_resource_out(before):
    assert before({"DependsOn": "A"}, A={"DependsOn": "Service"}) == {"A"}


@pytest.mark.parametrize(
    "service", [None, "x", {"DependsOn": 1}, {"DependsOn": [None]}, {"Properties": {"Ref": "Nowhere"}}]
)
def test_what_is_no_dependency_is_none(before, service):
    assert before(service) == set()
