"""Contract: a service deployment is recorded, and one that shifts traffic goes through its stages."""

import json
import sys
import time
from pathlib import Path

import pytest

from roadworthy.local.images import push
from tests.local.http_calls import call
from tests.local.templates import REGION, att, ref, resource, role, whole_service

pytestmark = pytest.mark.e2e
REPOSITORY = f"000000000000.dkr.ecr.{REGION}.amazonaws.com/shifting"
EVERYTHING = [{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/*"]}}]
PAUSE = {"targetType": "PAUSE", "lifecycleStages": ["POST_TEST_TRAFFIC_SHIFT"]}


@pytest.fixture(scope="module")
def image(aws):
    ecr, here = aws.client("ecr"), Path(__file__).parent
    ecr.create_repository(repositoryName="shifting")
    push(ecr, "shifting", "app", argv=[sys.executable, "task_app.py", "{host}", "{port}"], cwd=here)
    return f"{REPOSITORY}:app"


def rule(listener, **weights):
    groups = [{"TargetGroupArn": ref(name), "Weight": weight} for name, weight in weights.items()]
    forward = {"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}
    return resource(
        "ElasticLoadBalancingV2::ListenerRule",
        ListenerArn=ref(listener), Priority=1, Conditions=EVERYTHING, Actions=[forward],
    )  # fmt: skip


def blue_green(image):
    """A service with two target groups, a production rule, a test listener on 9000, and no hooks."""
    made = whole_service(image)
    made["Other"] = made["Targets"]
    made["TestListener"] = resource(
        "ElasticLoadBalancingV2::Listener",
        LoadBalancerArn=ref("Balancer"), Port=9000, Protocol="HTTP",
        DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
    )  # fmt: skip
    made["Production"], made["Test"] = (rule(one, Targets=100, Other=0) for one in ("Listener", "TestListener"))
    made["TrafficRole"] = role("ecs")
    properties = made["Service"]["Properties"]
    properties["LoadBalancers"][0]["AdvancedConfiguration"] = {
        "AlternateTargetGroupArn": ref("Other"), "ProductionListenerRule": ref("Production"),
        "TestListenerRule": ref("Test"), "RoleArn": att("TrafficRole", "Arn"),
    }  # fmt: skip
    properties["DeploymentConfiguration"].update(Strategy="BLUE_GREEN", BakeTimeInMinutes=0)
    made["Service"]["DependsOn"] = ["Production", "Test"]
    return made


class Shifting:
    """The service, as its operators have it."""

    def __init__(self, aws, stack):
        self.aws, self.stack, self.cluster = aws, stack, stack["cluster"]
        self.ecs = aws.client("ecs")

    def update(self, colour, **configuration):
        """Begin a deployment whose tasks know a colour."""
        (service,) = self.ecs.describe_services(cluster=self.cluster, services=["app"])["services"]
        definition = self.ecs.describe_task_definition(taskDefinition=service["taskDefinition"])["taskDefinition"]
        definition["containerDefinitions"][0]["environment"] = [{"name": "COLOUR", "value": colour}]
        kept = ("family", "taskRoleArn", "networkMode", "requiresCompatibilities", "cpu", "memory")
        made = self.ecs.register_task_definition(
            containerDefinitions=definition["containerDefinitions"], **{name: definition[name] for name in kept}
        )["taskDefinition"]["taskDefinitionArn"]
        self.ecs.update_service(
            cluster=self.cluster, service="app", taskDefinition=made,
            deploymentConfiguration={**service["deploymentConfiguration"], "lifecycleHooks": [], **configuration},
        )  # fmt: skip

    @property
    def deployment(self):
        """The newest one."""
        newest = self.ecs.list_service_deployments(cluster=self.cluster, service="app")["serviceDeployments"][0]
        arns = [newest["serviceDeploymentArn"]]
        return self.ecs.describe_service_deployments(serviceDeploymentArns=arns)["serviceDeployments"][0]

    def wait(self, condition):
        """The newest deployment, once something is so of it."""
        end = time.monotonic() + 60
        while not condition(found := self.deployment):
            assert time.monotonic() < end, found
            time.sleep(0.05)
        return found

    def paused(self):
        return self.wait(lambda one: [hook["status"] for hook in one["lifecycleHookDetails"]] == ["AWAITING_ACTION"])

    def colour(self):
        """Of the task that the production rule leads to."""
        return call(f"{self.aws.url}/_alb/{self.stack['balancer']}/environment")[1].get("COLOUR")

    def weights(self):
        (described,) = self.aws.client("elbv2").describe_rules(RuleArns=[self.stack["rule"]])["Rules"]
        return [one["Weight"] for one in described["Actions"][0]["ForwardConfig"]["TargetGroups"]]


@pytest.fixture(scope="module")
def shifting(aws, deploy_once, image):
    outputs = {"cluster": ref("Cluster"), "balancer": att("Balancer", "LoadBalancerName"), "rule": ref("Production")}
    return Shifting(aws, deploy_once(blue_green(image), **outputs))


def test_a_pause_holds_a_deployment_until_somebody_continues_it(shifting):
    shifting.update("green", lifecycleHooks=[PAUSE])
    paused = shifting.paused()
    assert (paused["lifecycleStage"], shifting.colour()) == ("POST_TEST_TRAFFIC_SHIFT", None)
    assert paused["targetServiceRevision"]["requestedTestTrafficWeight"] == 100
    hook = paused["lifecycleHookDetails"][0]["hookId"]
    shifting.ecs.continue_service_deployment(serviceDeploymentArn=paused["serviceDeploymentArn"], hookId=hook)
    assert shifting.wait(lambda one: "finishedAt" in one)["status"] == "SUCCESSFUL"
    assert shifting.colour() == "green"


def test_a_rollback_that_is_asked_for_gives_blue_the_traffic_back(shifting):
    before = shifting.colour()
    shifting.update("unwanted", lifecycleHooks=[PAUSE])
    deployment = shifting.paused()["serviceDeploymentArn"]
    shifting.ecs.stop_service_deployment(serviceDeploymentArn=deployment, stopType="ROLLBACK")
    ended = shifting.wait(lambda one: "finishedAt" in one)
    assert (ended["status"], shifting.colour()) == ("ROLLBACK_SUCCESSFUL", before)
    with pytest.raises(shifting.ecs.exceptions.ConflictException, match="terminal states"):
        shifting.ecs.stop_service_deployment(serviceDeploymentArn=deployment)


def test_a_canary_has_its_share_before_it_has_all(shifting):
    canary = {"canaryPercent": 10, "canaryBakeTimeInMinutes": 2}
    shifting.update("canary", strategy="CANARY", canaryConfiguration=canary)
    share = "requestedProductionTrafficWeight"
    shifting.wait(lambda one: one["targetServiceRevision"][share] == 10)
    assert sorted(shifting.weights()) == [10, 90]
    assert shifting.wait(lambda one: "finishedAt" in one)["targetServiceRevision"][share] == 100
    assert sorted(shifting.weights()) == [0, 100]


def test_a_revision_tells_what_runs(shifting):
    revision = shifting.deployment["targetServiceRevision"]["arn"]
    (told,) = shifting.ecs.describe_service_revisions(serviceRevisionArns=[revision])["serviceRevisions"]
    assert told["containerImages"] == [{"containerName": "app", "image": f"{REPOSITORY}:app"}]
    assert shifting.ecs.describe_service_revisions(serviceRevisionArns=[f"{revision}0"])["failures"] == [
        {"arn": f"{revision}0", "reason": "MISSING"}
    ]


def test_a_role_may_ask_for_the_deployments_of_its_one_service(aws, shifting):
    arn = f"arn:aws:ecs:{REGION}:000000000000:service/{shifting.cluster}/app"
    ecs = user(aws, "ecs", "ecs:ListServiceDeployments", arn)
    assert ecs.list_service_deployments(cluster=shifting.cluster, service="app")["serviceDeployments"]
    with pytest.raises(Exception, match="AccessDenied"):
        ecs.list_service_deployments(cluster=shifting.cluster, service="another")


def test_a_role_may_run_its_one_task_definition_in_its_one_cluster(aws, shifting):
    arn = f"arn:aws:ecs:{REGION}:000000000000:task-definition/its-own:*"
    cluster = {"ArnEquals": {"ecs:cluster": f"arn:aws:ecs:{REGION}:000000000000:cluster/{shifting.cluster}"}}
    ecs = user(aws, "ecs", "ecs:RunTask", arn, cluster)
    for definition, place in (("another", shifting.cluster), ("its-own", "another")):
        with pytest.raises(Exception, match="AccessDenied"):
            ecs.run_task(cluster=place, taskDefinition=definition)
    with pytest.raises(Exception, match="Unable to find task definition"):
        ecs.run_task(cluster=shifting.cluster, taskDefinition="its-own:1")


def test_a_role_may_make_schedules_of_its_one_group(aws):
    arn = f"arn:aws:scheduler:{REGION}:000000000000:schedule/its-own/*"
    scheduler = user(aws, "scheduler", "scheduler:DeleteSchedule", arn)
    with pytest.raises(scheduler.exceptions.ResourceNotFoundException):
        scheduler.delete_schedule(Name="nightly", GroupName="its-own")
    with pytest.raises(Exception, match="AccessDenied"):
        scheduler.delete_schedule(Name="nightly", GroupName="another")


def user(aws, service, action, resource, condition=None):
    """A client of a user who may do one thing."""
    statement = {"Effect": "Allow", "Action": action, "Resource": resource, "Condition": condition or {}}
    iam, name = aws.client("iam"), action.replace(":", "-")
    iam.create_user(UserName=name)
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=policy)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return aws.client(service, aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
