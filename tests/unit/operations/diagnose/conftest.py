import pytest

from roadworthy.operations.aws import Aws
from roadworthy.operations.diagnose import diagnose
from roadworthy.operations.diagnose.registry import all_checks
from roadworthy.operations.ecs.cluster import Cluster
from roadworthy.operations.place import Target
from roadworthy.testing import FakeEcs

REGISTRY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
VPC = "vpc-0a1b2c3d"
SUBNETS = ("subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb")


class Account(FakeEcs):
    """An account with one service, `api` in cluster `shop`, behind a load balancer; all is well."""

    def __init__(self, *, open_port=8080, path="/", **service):
        super().__init__()
        groups, elb = self.neighbours.ec2, self.neighbours.elbv2
        group = elb.add_target_group("api", port=8080, path=path, vpc=VPC)
        balanced = {"targetGroupArn": group}
        options = {"image": f"{REGISTRY}/api:4f1c2ab", "load_balancer": balanced, **service}
        self.add_service("shop", "api", **options)
        self.add_image("api", "4f1c2ab")
        for subnet, zone in zip(SUBNETS, "ab", strict=True):
            groups.add_subnet(subnet, vpc=VPC, zone=f"eu-west-1{zone}")
        groups.add_security_group("sg-0aaaaaaaaaaaaaaaa", vpc=VPC, ingress=[(open_port, "sg-0balancer")])
        groups.add_security_group("sg-0balancer", vpc=VPC, ingress=[(443, "0.0.0.0/0")])
        balancer = elb.add_load_balancer("front", vpc=VPC, security_groups=["sg-0balancer"])
        elb.add_listener(balancer, 80, {group: 1})
        self.neighbours.service_quotas.set("fargate", "L-3032A538", 6)

    def session(self):
        """One for all, for it takes its time to make."""
        if not hasattr(self, "_session"):
            self._session = super().session()
        return self._session

    def deploy(self, *faults, seconds=600.0):
        """Deploy what runs, with these faults, and let time pass."""
        if faults:
            self.script("api", *faults)
        self.session().client("ecs").update_service(cluster="shop", service="api", forceNewDeployment=True)
        self.clock.sleep(seconds)


@pytest.fixture
def account():
    return Account


@pytest.fixture
def target():
    def build(fake):
        return Target(Cluster(Aws(fake.session(), "eu-west-1"), "shop"), "api", "api", None, guarded=False, entry=None)

    return build


@pytest.fixture
def diagnosed(target):
    """The diagnosis of an account's service, by some checks or by all."""

    def build(fake, *ids):
        wanted = [check for check in all_checks() if not ids or check.id in ids]
        return diagnose(target(fake), fake.clock, wanted)

    return build


@pytest.fixture
def found(diagnosed):
    """(severity, kind, what, next step) of what one check finds."""

    def build(fake, check):
        (verdict,) = diagnosed(fake, check).verdicts
        assert verdict.skips == ()
        return [(each.severity, each.kind, each.what, each.next_step) for each in verdict.problems]

    return build
