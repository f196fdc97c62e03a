import pytest

from roadworthy.template.document import CONTAINERS, SERVICE, TARGET_GROUP, TASK_DEFINITION, TEMPLATE
from roadworthy.template.kinds import classify
from roadworthy.template.problems import NotATemplate

CONTAINER = {"name": "api", "image": "api:1"}


@pytest.mark.parametrize(
    ("tree", "kind", "roots"),
    [
        ({"Resources": {}}, TEMPLATE, ((),)),
        ({"Resources": None}, TEMPLATE, ((),)),
        ({"containerDefinitions": [CONTAINER]}, TASK_DEFINITION, ((),)),
        ({"taskDefinition": {"containerDefinitions": [CONTAINER]}}, TASK_DEFINITION, (("taskDefinition",),)),
        ([CONTAINER], CONTAINERS, ((),)),
        ({"serviceName": "api", "loadBalancers": []}, SERVICE, ((),)),
        ({"launchType": "FARGATE", "desiredCount": 1}, SERVICE, ((),)),
        ({"service": {"serviceName": "api", "taskDefinition": "api:1"}}, SERVICE, (("service",),)),
        (
            {"services": [{"serviceName": "a", "desiredCount": 1}, {"serviceName": "b", "desiredCount": 1}]},
            SERVICE,
            (("services", 0), ("services", 1)),
        ),
        ({"Name": "api", "Protocol": "HTTP", "TargetType": "ip"}, TARGET_GROUP, ((),)),
        ({"TargetGroups": [{"Protocol": "HTTP", "Port": 80}]}, TARGET_GROUP, (("TargetGroups", 0),)),
    ],
)
def test_what_is_checked(tree, kind, roots):
    assert classify(tree) == (kind, roots)


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
        ({"serviceName": "", "taskDefinition": "", "desiredCount": 0}, "skeleton"),
        ({"taskDefinition": "api:1", "launchType": "FARGATE", "overrides": {}}, "neither"),
        ({"services": []}, "neither"),
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
