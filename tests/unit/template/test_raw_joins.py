"""Raw ECS files that are given together: which task definition and target group a service definition means."""

import json

import pytest

from roadworthy.template.model.model import Model
from roadworthy.template.sources import read

TASK = {
    "family": "api",
    "containerDefinitions": [{"name": "api", "image": "api:1", "portMappings": [{"containerPort": 80}]}],
}
OTHER = {**TASK, "family": "other"}
ARN = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/api/0123456789abcdef"
GROUP = {"Name": "api", "Protocol": "HTTP", "TargetType": "ip"}


def service(**changes):
    balancer = {"targetGroupArn": ARN, "containerName": "api", "containerPort": 80}
    return {"serviceName": "api", "desiredCount": 1, "loadBalancers": [balancer], **changes}


@pytest.fixture
def model(tmp_path):
    """The model of the given files."""

    def build(**files):
        for name, content in files.items():
            path = tmp_path / f"{name.replace('__', '/')}.json"
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(content))
        return Model(read([str(tmp_path)]).documents)

    return build


def runs(model):
    (found,) = model.raw_services
    return [known.value.families[0].value for known in found.task_definitions]


@pytest.mark.parametrize("name", ["api", "api:7", "arn:aws:ecs:eu-west-1:111122223333:task-definition/api:7"])
def test_the_family_decides(model, name):
    assert runs(model(task=TASK, other=OTHER, service=service(taskDefinition=name))) == ["api"]


def test_a_service_that_names_no_family_means_the_only_one_beside_it(model):
    assert runs(model(task=TASK, service=service())) == ["api"]


def test_a_placeholder_means_the_only_one_beside_it(model):
    assert runs(model(task=TASK, service=service(taskDefinition="<TASK_DEFINITION>"))) == ["api"]


@pytest.mark.parametrize(
    "files",
    [
        {"task": TASK, "service": service(taskDefinition="elsewhere")},
        {"task": TASK, "other": OTHER, "service": service()},
        {"a__task": TASK, "b__service": service()},
    ],
)
def test_what_is_not_certain_is_not_joined(model, files):
    assert runs(model(**files)) == []


def test_the_target_group_is_joined_by_its_name(model):
    found = model(task=TASK, group=GROUP, service=service(taskDefinition="api"))
    (port,) = found.load_balanced_ports
    assert (port.container.label, port.port, port.target_group.document.file[-10:]) == ("api", 80, "group.json")


def test_a_target_group_of_another_name_is_not_joined(model):
    other = {**GROUP, "Name": "web"}
    assert model(task=TASK, group=other, service=service(taskDefinition="api")).load_balanced_ports == []


def test_described_target_groups_are_joined_too(model):
    described = {"TargetGroups": [{**GROUP, "TargetGroupName": "api", "TargetGroupArn": ARN}]}
    assert len(model(task=TASK, group=described, service=service()).load_balanced_ports) == 1
