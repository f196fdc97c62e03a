"""What happens in the tests of the notifier: events, notices, and what ECS answers about a rollout."""

import datetime
from typing import Any

import boto3
from botocore.stub import Stubber
from deployment_notifier.notice import Mood, Notice

REGION = "us-west-2"
SERVICE_ARN = "arn:aws:ecs:us-west-2:111122223333:service/default/servicetest"
DEPLOYMENT_ARN = "arn:aws:ecs:us-west-2:111122223333:service-deployment/default/servicetest/r9i43YFjvgF_xlg7m2eJ1r"
OLD = "arn:aws:ecs:us-west-2:111122223333:service-revision/default/servicetest/1"
NEW = "arn:aws:ecs:us-west-2:111122223333:service-revision/default/servicetest/2"
REGISTRY = "111122223333.dkr.ecr.us-west-2.amazonaws.com"
TOPIC = "arn:aws:sns:us-west-2:111122223333:deployments"
SECRET_PATH = "/services/T000/B000/XXXXSECRETXXXX"
WEBHOOK = f"https://hooks.slack.com{SECRET_PATH}"
TABLE = "deliveries"
WHEN = datetime.datetime(2020, 5, 23, 12, 30, tzinfo=datetime.UTC)
BREAKER = "ECS deployment circuit breaker: task failed to start."


def deployment(name: str = "SERVICE_DEPLOYMENT_FAILED", reason: str = BREAKER) -> dict[str, Any]:
    """As in https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html"""
    return {
        "version": "0",
        "id": "ddca6449-b258-46c0-8653-e0e3aEXAMPLE",
        "detail-type": "ECS Deployment State Change",
        "source": "aws.ecs",
        "account": "111122223333",
        "time": "2020-05-23T12:31:14Z",
        "region": REGION,
        "resources": [SERVICE_ARN],
        "detail": {
            "eventType": "ERROR",
            "eventName": name,
            "deploymentId": "ecs-svc/123",
            "updatedAt": "2020-05-23T11:11:11Z",
            "reason": reason,
        },
    }


def alarm(state: str = "ALARM") -> dict[str, Any]:
    """As in https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html"""
    return {
        "version": "0",
        "id": "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92",
        "detail-type": "CloudWatch Alarm State Change",
        "source": "aws.cloudwatch",
        "account": "123456789012",
        "time": "2019-10-02T17:04:40Z",
        "region": "us-east-1",
        "resources": ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:api-error-rate"],
        "detail": {
            "alarmName": "api-error-rate",
            "configuration": {"metrics": [], "description": ""},
            "previousState": {"value": "OK", "timestamp": "2019-10-02T17:03:40.100+0000"},
            "state": {
                "value": state,
                "reason": "Threshold Crossed: 1 datapoint [9.2] was greater than the threshold (1.0).",
                "timestamp": "2019-10-02T17:04:40.985+0000",
            },
        },
    }


def notice(**changes: Any) -> Notice:
    values: dict[str, Any] = {
        "id": "1",
        "mood": Mood.BAD,
        "title": "deployment failed",
        "subject": "api",
        "environment": "stage",
        "reason": BREAKER,
        "time": "2020-05-23T12:31:14Z",
        "link": "https://console.aws.amazon.com/",
        "images": ("api: shop/api:1 -> shop/api:2",),
    }
    return Notice(**{**values, **changes})


def to_slack(text: str) -> dict[str, Any]:
    """As in https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html"""
    return {"Records": [{"EventSource": "aws:sns", "Sns": {"MessageId": "m", "Message": text}}]}


def stubbed(service: str) -> tuple[Any, Stubber]:
    client = boto3.client(service, region_name=REGION, aws_access_key_id="x", aws_secret_access_key="x")
    return client, Stubber(client)


def expect_rollout(ecs: Stubber, status: str = "ROLLBACK_IN_PROGRESS") -> None:
    """A service deployment from tag 1 to tag 2."""
    brief = {"serviceDeploymentArn": DEPLOYMENT_ARN, "createdAt": WHEN}
    older = {"serviceDeploymentArn": "older", "createdAt": WHEN - datetime.timedelta(days=1)}
    ecs.add_response("list_service_deployments", {"serviceDeployments": [older, brief]})
    found = {"status": status, "sourceServiceRevisions": [{"arn": OLD}], "targetServiceRevision": {"arn": NEW}}
    asked = {"serviceDeploymentArns": [DEPLOYMENT_ARN]}
    ecs.add_response("describe_service_deployments", {"serviceDeployments": [found]}, asked)
    revisions = [
        {
            "serviceRevisionArn": arn,
            "containerImages": [{"containerName": "api", "image": f"{REGISTRY}/shop/api:{tag}"}],
        }
        for arn, tag in ((OLD, "1"), (NEW, "2"))
    ]
    ecs.add_response("describe_service_revisions", {"serviceRevisions": revisions})
