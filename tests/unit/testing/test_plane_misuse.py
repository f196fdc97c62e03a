"""A test that is written wrongly is told so where it is wrong."""

import pytest
from botocore.exceptions import ClientError

from roadworthy.errors import RoadworthyError
from roadworthy.testing import FakeEcs, faults

GREEN = {"strategy": "BLUE_GREEN"}


@pytest.fixture
def fake() -> FakeEcs:
    fake = FakeEcs()
    fake.add_service("shop", "api", image="api:1", strategy="BLUE_GREEN")
    return fake


@pytest.mark.parametrize("fault", [faults.none, "pull_error", None])
def test_what_is_no_fault_is_refused_when_it_is_scripted(fake: FakeEcs, fault: object) -> None:
    with pytest.raises(RoadworthyError, match=r"is no fault for service `api`.*faults.pull_error\(\)"):
        fake.script("api", fault)  # type: ignore[arg-type]


@pytest.mark.parametrize("fault", [faults.paused_hook("POST_SCALE"), faults.hook_failure("pre_scale_up")])
def test_a_stage_that_there_is_not_is_refused_with_those_that_there_are(fake: FakeEcs, fault: faults.Fault) -> None:
    with pytest.raises(RoadworthyError, match=r"fault for service `api`.*is one of RECONCILE_SERVICE, PRE_SCALE_UP"):
        fake.script("api", fault)


SERVICES = {
    "an unknown member of a hook": ({"hooks": [{"stage": "PRE_SCALE_UP"}], **GREEN}, "has no member stage"),
    "an unknown member of a container": ({"container": {"healthcheck": {}}}, "has no member healthcheck"),
    "an unknown member of a load balancer": ({"load_balancer": {"arn": "x"}}, "has no member arn"),
    "fewer tasks than none": ({"desired": -1}, "desired is -1"),
}


@pytest.mark.parametrize(("options", "why"), SERVICES.values(), ids=list(SERVICES))
def test_a_service_that_aws_could_not_have_is_refused(fake: FakeEcs, options: dict[str, object], why: str) -> None:
    with pytest.raises(RoadworthyError, match=f"service `web`.*{why}"):
        fake.add_service("shop", "web", image="web:1", **options)  # type: ignore[arg-type]
    assert fake.session().client("ecs").list_services(cluster="shop")["serviceArns"] == [
        "arn:aws:ecs:eu-west-1:111122223333:service/shop/api"
    ]


def test_an_account_an_alarm_a_rate_and_an_action_must_be_some(fake: FakeEcs) -> None:
    with pytest.raises(RoadworthyError, match="account '12' is none"):
        FakeEcs(account="12")
    with pytest.raises(RoadworthyError, match="alarm `cpu`: 'RED' is no state; pass one of OK, ALARM"):
        fake.set_alarm("cpu", "RED")
    with pytest.raises(RoadworthyError, match="rate is 30"):
        fake.aws.throttle(rate=30)
    with pytest.raises(RoadworthyError, match=r"'UpdateService' is no IAM action.*'ecs:UpdateService'"):
        fake.aws.deny("UpdateService")


def test_a_negative_count_is_refused_before_anything_changes(fake: FakeEcs) -> None:
    ecs = fake.session().client("ecs")
    with pytest.raises(ClientError, match="InvalidParameterException"):
        ecs.update_service(cluster="shop", service="api", desiredCount=-1, forceNewDeployment=True)
    (service,) = ecs.describe_services(cluster="shop", services=["api"])["services"]
    assert (service["desiredCount"], len(service["deployments"])) == (2, 1)
