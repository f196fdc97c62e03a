"""A handler cannot answer what AWS cannot answer."""

from datetime import UTC, datetime

import pytest

from roadworthy.testing.wire.contract import checked
from roadworthy.testing.wire.errors import ShapeError
from roadworthy.testing.wire.models import operation_model

SERVICES = operation_model("ecs", "DescribeServices").output_shape
ITEM = operation_model("dynamodb", "GetItem").output_shape


def service(**members):
    return checked({"services": [members]}, SERVICES, "ecs DescribeServices")["services"][0]


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"state": "ACTIVE"}, "ecs DescribeServices services[0]: Service has no member state; see botocore's model"),
        ({"desiredCount": "2"}, "ecs DescribeServices services[0] desiredCount is '2', but Integer is a integer"),
        ({"desiredCount": True}, "ecs DescribeServices services[0] desiredCount is True, but Integer is a integer"),
        ({"createdAt": "now"}, "ecs DescribeServices services[0] createdAt is 'now', but Timestamp is a timestamp"),
        ({"loadBalancers": {}}, "ecs DescribeServices services[0] loadBalancers is {}, but LoadBalancers is a list"),
        ({"deploymentController": []}, "deploymentController is [], but DeploymentController is a structure"),
        ({"launchType": "LAMBDA"}, "launchType is 'LAMBDA', but LaunchType is one of EC2, FARGATE, EXTERNAL"),
        ({"deploymentController": {}}, "deploymentController: DeploymentController must have type"),
    ],
)
def test_a_wrong_member_is_named_with_its_place(members, message):
    with pytest.raises(ShapeError) as error:
        service(**members)
    assert message in str(error.value)


def test_members_that_are_none_are_left_out():
    assert service(serviceName="api", platformVersion=None) == {"serviceName": "api"}


def test_a_time_may_be_a_datetime_or_seconds():
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    assert service(createdAt=moment) == {"createdAt": moment}
    assert service(createdAt=12.5) == {"createdAt": 12.5}


def test_the_copy_does_not_change_with_the_state_that_it_was_made_of():
    state = {"services": [{"serviceName": "api"}]}
    copy = checked(state, SERVICES, "ecs DescribeServices")
    state["services"][0]["serviceName"] = "web"
    assert copy == {"services": [{"serviceName": "api"}]}


def test_maps_are_checked_inside():
    assert checked({"Item": {"id": {"S": "1"}}}, ITEM, "dynamodb GetItem") == {"Item": {"id": {"S": "1"}}}
    with pytest.raises(ShapeError, match=r"dynamodb GetItem Item\['id'\] S is 1, but StringAttributeValue is a string"):
        checked({"Item": {"id": {"S": 1}}}, ITEM, "dynamodb GetItem")


def test_an_operation_without_output_answers_nothing():
    assert checked({}, None, "sqs DeleteMessage") == {}
    with pytest.raises(ShapeError, match="sqs DeleteMessage answers"):
        checked({"a": 1}, None, "sqs DeleteMessage")
