import pytest

from roadworthy.template.document import CONTAINERS, TASK_DEFINITION, TEMPLATE
from roadworthy.template.kinds import classify
from roadworthy.template.problems import NotATemplate

CONTAINER = {"name": "api", "image": "api:1"}


@pytest.mark.parametrize(
    ("tree", "kind", "root"),
    [
        ({"Resources": {}}, TEMPLATE, ()),
        ({"Resources": None}, TEMPLATE, ()),
        ({"containerDefinitions": [CONTAINER]}, TASK_DEFINITION, ()),
        ({"taskDefinition": {"containerDefinitions": [CONTAINER]}}, TASK_DEFINITION, ("taskDefinition",)),
        ([CONTAINER], CONTAINERS, ()),
    ],
)
def test_what_is_checked(tree, kind, root):
    assert classify(tree) == (kind, root)


@pytest.mark.parametrize(
    ("tree", "reason"),
    [
        ({"version": 0.0, "Resources": [{"TargetService": {"Type": "AWS::ECS::Service"}}]}, "AppSpec"),
        ({"Resources": []}, "empty list"),
        ({"Resources": "x"}, "not a mapping"),
        ({"AWSEBDockerrunVersion": 2, "containerDefinitions": [CONTAINER]}, "Dockerrun"),
        ({"family": "", "containerDefinitions": [{"name": ""}]}, "skeleton"),
        ({"version": "tree-0.1", "tree": {}}, "construct tree"),
        ({"artifacts": {}}, "manifest"),
        ({"serviceName": "x", "loadBalancers": []}, "service definition"),
        ({"name": "left-pad"}, "neither"),
        ({"containerDefinitions": {}}, "not a list"),
        ([], "a list"),
        ([1, 2], "a list"),
        ("text", "not a template"),
        (None, "not a template"),
    ],
)
def test_what_is_named_and_skipped(tree, reason):
    with pytest.raises(NotATemplate, match=reason):
        classify(tree)
