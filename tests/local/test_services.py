"""Contract: an ECS service's tasks are processes, and its deployment tells the truth."""

import json
import sys
import time
from pathlib import Path

import pytest

from roadworthy.local.images import push
from tests.local.http_calls import call
from tests.local.templates import REGION, att, ref, resource, whole_service

pytestmark = pytest.mark.e2e
REPOSITORY = f"000000000000.dkr.ecr.{REGION}.amazonaws.com/app"


@pytest.fixture(scope="module")
def repository(aws, tmp_path_factory):
    """The tags of the repository `app`: good, sick (its health path answers 500), broken (it ends at once)."""
    ecr, here = aws.client("ecr"), Path(__file__).parent
    ecr.create_repository(repositoryName="app")
    start = [sys.executable, "task_app.py", "{host}", "{port}"]
    push(ecr, "app", "good", argv=start, cwd=here)
    push(ecr, "app", "sick", argv=[*start, "500"], cwd=here)
    push(ecr, "app", "broken", argv=[sys.executable, "-c", "raise SystemExit('no database')"], cwd=here)
    return REPOSITORY


OUTPUTS = {
    "cluster": ref("Cluster"),
    "targets": ref("Targets"),
    "balancer": att("Balancer", "LoadBalancerName"),
    "logs": ref("Logs"),
}
CHECK = "import urllib.request as u; u.urlopen('http://localhost:8000/{}')"


def healthy_check(path):
    return {"Command": ["CMD", "python", "-c", CHECK.format(path)], "Interval": 5, "Retries": 2}


def tasks(aws, cluster):
    ecs = aws.client("ecs")
    arns = ecs.list_tasks(cluster=cluster)["taskArns"]
    return ecs.describe_tasks(cluster=cluster, tasks=arns)["tasks"] if arns else []


@pytest.fixture(scope="module")
def good(deploy_once, repository):
    resources = whole_service(
        f"{repository}:good",
        environment={"API": "https://abc.execute-api.ap-southeast-1.amazonaws.com/v1", "COLOUR": "blue"},
        HealthCheck=healthy_check("health"),
        Secrets=[{"Name": "TOKEN", "ValueFrom": ref("Secret")}],
    )
    secret = resource("SecretsManager::Secret", SecretString="a-test-value")
    return deploy_once({**resources, "Secret": secret}, **OUTPUTS)


def test_a_service_is_deployed_when_its_task_answers(aws, good):
    _status, seen = call(f"{aws.url}/_alb/{good['balancer']}/environment")
    task = tasks(aws, good["cluster"])[0]
    states = aws.client("elbv2").describe_target_health(TargetGroupArn=good["targets"])["TargetHealthDescriptions"]
    assert [one["TargetHealth"]["State"] for one in states] == ["healthy"]
    assert (task["lastStatus"], task["healthStatus"]) == ("RUNNING", "HEALTHY")
    assert states[0]["Target"]["Id"].startswith(f"127.{aws.port >> 8}.{aws.port & 255}.")
    assert (seen["COLOUR"], seen["AWS_REGION"], seen["TOKEN"]) == ("blue", REGION, "a-test-value")
    assert seen["API"] == f"{aws.url}/_aws/execute-api/abc/v1"


def test_a_task_acts_as_its_role(aws, good):
    _status, seen = call(f"{aws.url}/_alb/{good['balancer']}/environment")
    session = {
        "aws_access_key_id": seen["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": seen["AWS_SECRET_ACCESS_KEY"],
        "aws_session_token": seen["AWS_SESSION_TOKEN"],
    }
    assert "TaskRole" in aws.client("sts", **session).get_caller_identity()["Arn"]
    with pytest.raises(Exception, match="AccessDenied"):
        aws.client("dynamodb", **session).list_tables()


def test_what_a_task_writes_is_in_its_log_group(aws, good):
    events = aws.client("logs").filter_log_events(logGroupName=good["logs"])["events"]
    assert "listening" in [event["message"] for event in events]


def test_a_dead_task_is_replaced(aws, good):
    before = tasks(aws, good["cluster"])[0]["taskArn"]
    aws.client("ecs").stop_task(cluster=good["cluster"], task=before)
    aws.client("ecs").update_service(cluster=good["cluster"], service="app", desiredCount=1)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        running = [one["taskArn"] for one in tasks(aws, good["cluster"]) if one["lastStatus"] == "RUNNING"]
        if running and running != [before]:
            break
        time.sleep(0.1)
    assert len(running) == 1
    assert running != [before]


@pytest.mark.parametrize(
    ("tag", "reason"),
    [("never-pushed", "CannotPullContainerError.*not found"), ("broken", "Essential container exited"),
     ("sick", "Task failed ELB health checks")],
)  # fmt: skip
def test_a_deployment_that_cannot_work_fails_the_stack(deploy, repository, tag, reason):
    with pytest.raises(Exception, match=f"Circuit Breaker was triggered.*{reason}"):
        deploy(whole_service(f"{repository}:{tag}"))


def test_a_failing_container_health_check_fails_the_stack(deploy, repository):
    check = {"Command": ["CMD-SHELL", "exit 1"], "Interval": 5, "Retries": 1}
    with pytest.raises(Exception, match="Task failed container health checks"):
        deploy(whole_service(f"{repository}:good", HealthCheck=check))


def test_a_failed_update_rolls_back_and_the_old_task_serves_on(aws, deploy, repository):
    stack = deploy(whole_service(f"{repository}:good"), **OUTPUTS)
    before = tasks(aws, stack["cluster"])[0]["taskArn"]
    with pytest.raises(Exception, match="Circuit Breaker was triggered"):
        stack.update(whole_service(f"{repository}:never-pushed"), OUTPUTS)
    assert call(f"{aws.url}/_alb/{stack['balancer']}/") == (200, None)
    assert [one["taskArn"] for one in tasks(aws, stack["cluster"]) if one["lastStatus"] == "RUNNING"] == [before]


def test_an_image_that_was_never_pushed_is_not_found(aws, repository):
    ecr = aws.client("ecr")
    with pytest.raises(ecr.exceptions.ImageNotFoundException, match=r"imageTag:'never-pushed'} does not exist within"):
        ecr.describe_images(repositoryName="app", imageIds=[{"imageTag": "never-pushed"}])
    assert ecr.describe_images(repositoryName="app", imageIds=[{"imageTag": "good"}])["imageDetails"]


def test_a_registry_has_no_pull_through_cache_rules(aws):
    assert aws.client("ecr").describe_pull_through_cache_rules()["pullThroughCacheRules"] == []


def test_a_user_may_describe_the_one_repository_of_its_policy(aws, repository):
    iam, arn = aws.client("iam"), f"arn:aws:ecr:{REGION}:000000000000:repository/app"
    statement = {"Effect": "Allow", "Action": "ecr:DescribeRepositories", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.create_user(UserName="reader")
    iam.put_user_policy(UserName="reader", PolicyName="own", PolicyDocument=policy)
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    ecr = aws.client("ecr", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
    assert len(ecr.describe_repositories(repositoryNames=["app"])["repositories"]) == 1
    with pytest.raises(Exception, match="AccessDenied"):
        ecr.describe_repositories(repositoryNames=["other"])
