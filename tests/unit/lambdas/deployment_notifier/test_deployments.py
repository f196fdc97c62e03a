"""What is told of a deployment: how it went, and which images it was about."""

import json

import pytest
from deployment_notifier import clients, rollout
from deployment_notifier.events import DeploymentEvent, parse
from deployment_notifier.handler import handler

from tests.unit.lambdas.deployment_notifier.events import BREAKER, REGISTRY, SERVICE_ARN, deployment, expect_rollout


def test_a_failed_deployment_is_published_with_its_images_and_its_reason(ecs, published):
    expect_rollout(ecs)
    handler(deployment(), None)
    (message,) = published
    text = json.loads(message["Message"])["email"]
    assert message["Subject"] == "[stage] servicetest: deployment failed, rolling back"
    assert "Image:       api: shop/api:1 -> shop/api:2\n" in text
    assert f"Reason:      {BREAKER}\n" in text
    assert "/ecs/v2/clusters/default/services/servicetest/deployments?region=us-west-2\n" in text


def test_a_completed_rollback_is_never_called_deployed(ecs, published):
    expect_rollout(ecs, "ROLLBACK_SUCCESSFUL")
    handler(deployment("SERVICE_DEPLOYMENT_COMPLETED", "ECS deployment deploymentID completed."), None)
    assert published[0]["Subject"] == "[stage] servicetest: rolled back"


def test_a_rollback_that_failed_is_not_said_to_be_on_its_way(ecs, published):
    expect_rollout(ecs, "ROLLBACK_FAILED")
    handler(deployment(), None)
    assert published[0]["Subject"] == "[stage] servicetest: rollback failed"


def test_a_time_that_cannot_be_read_costs_the_images_and_not_the_notice(ecs, published):
    handler({**deployment(), "time": "yesterday"}, None)
    assert published[0]["Subject"] == "[stage] servicetest: deployment failed"


def test_a_completed_deployment_is_called_deployed(ecs, published):
    expect_rollout(ecs, "SUCCESSFUL")
    handler(deployment("SERVICE_DEPLOYMENT_COMPLETED", "ECS deployment deploymentID completed."), None)
    assert published[0]["Subject"] == "[stage] servicetest: deployed"


def test_the_reason_tells_a_rollback_when_ecs_cannot_be_asked(ecs, published):
    ecs.add_client_error("list_service_deployments", "AccessDeniedException")
    reason = "ECS deployment circuit breaker: rolling back to deploymentId deploymentID."
    handler(deployment("SERVICE_DEPLOYMENT_IN_PROGRESS", reason), None)
    assert published[0]["Subject"] == "[stage] servicetest: rolling back"


def test_the_short_form_of_a_services_arn_is_read():
    event = {**deployment(), "resources": ["arn:aws:ecs:us-west-2:111122223333:service/servicetest"]}
    event["detail"]["clusterArn"] = "arn:aws:ecs:us-west-2:111122223333:cluster/other"
    read = parse(event)
    assert isinstance(read, DeploymentEvent)
    assert (read.cluster, read.service) == ("other", "servicetest")


@pytest.mark.parametrize(
    ("image", "shown"),
    [
        (f"{REGISTRY}/shop/api:1.2", "shop/api:1.2"),
        (f"{REGISTRY}/api@sha256:{'ab' * 32}", "api@sha256:abababababab"),
        ("library/nginx:1", "library/nginx:1"),
        ("nginx", "nginx"),
    ],
)
def test_an_image_is_shown_without_its_registry(image, shown):
    assert rollout.short(image) == shown


def test_a_first_deployment_has_no_image_before(ecs):
    ecs.add_response("list_service_deployments", {"serviceDeployments": []})
    found = rollout.look_up(clients.ecs(), service_arn=SERVICE_ARN, cluster="default", time="2020-05-23T12:31:14Z")
    assert found is None
