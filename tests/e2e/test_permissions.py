"""Least privilege, shown by what is denied."""

import json

import botocore.exceptions
import pytest

pytestmark = pytest.mark.e2e


def role_of(service, function: str) -> str:
    configuration = service.aws.client("lambda").get_function_configuration(FunctionName=function)
    return configuration["Role"].rpartition("/")[2]


@pytest.fixture
def assumed(service):
    """A DynamoDB client with the credentials of a function's role."""

    def client(function: str):
        role = f"arn:aws:iam::000000000000:role/{role_of(service, function)}"
        session = service.aws.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
        return service.aws.client(
            "dynamodb",
            aws_access_key_id=session["AccessKeyId"],
            aws_secret_access_key=session["SecretAccessKey"],
            aws_session_token=session["SessionToken"],
        )

    return client


def test_a_function_may_query_notifications_and_is_denied_all_else(service, assumed):
    dynamodb, table = assumed("query-service-query-result"), service.outputs["NotificationTableName"]
    key = {":u": {"S": "nobody"}}
    answer = dynamodb.query(TableName=table, KeyConditionExpression="user_id = :u", ExpressionAttributeValues=key)
    assert answer["Count"] == 0
    with pytest.raises(botocore.exceptions.ClientError, match="AccessDenied"):
        dynamodb.scan(TableName=table)
    with pytest.raises(botocore.exceptions.ClientError, match="AccessDenied"):
        dynamodb.put_item(TableName=table, Item={"user_id": {"S": "x"}, "created_at": {"N": "1"}})


def test_a_denied_call_is_a_502_that_names_dynamodb_and_tells_no_internals(service, user):
    iam, role = service.aws.client("iam"), role_of(service, "query-service-query-result")
    deny = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "dynamodb:Query", "Resource": "*"}]}
    iam.put_role_policy(RoleName=role, PolicyName="deny", PolicyDocument=json.dumps(deny))
    try:
        answer = service.query("user", {"user_id": user})
    finally:
        iam.delete_role_policy(RoleName=role, PolicyName="deny")
    assert (answer.status, answer.body["hop"]) == (502, "dynamodb")
    assert "arn:" not in json.dumps(answer.body)
    assert answer.body["correlation_id"] == answer.headers["x-correlation-id"]


def test_a_caller_without_permission_is_refused(service, user):
    iam = service.aws.client("iam")
    iam.create_user(UserName=user)
    key = iam.create_access_key(UserName=user)["AccessKey"]
    answer = service.query("user", {"user_id": user}, credentials=(key["AccessKeyId"], key["SecretAccessKey"]))
    assert answer.status == 403
