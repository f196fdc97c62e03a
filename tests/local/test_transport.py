"""Contract: IAM is enforced, loopback counts as TLS, and nothing listens beyond loopback."""

import json

import pytest

from tests.local.listening import listeners

pytestmark = pytest.mark.e2e


def test_a_policy_that_demands_tls_lets_a_caller_in(aws):
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="tls-only", CreateBucketConfiguration={"LocationConstraint": aws.region})
    deny = {
        "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::tls-only/*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }  # fmt: skip
    s3.put_bucket_policy(Bucket="tls-only", Policy=json.dumps({"Version": "2012-10-17", "Statement": [deny]}))
    s3.put_object(Bucket="tls-only", Key="key", Body=b"body")
    assert s3.get_object(Bucket="tls-only", Key="key")["Body"].read() == b"body"


def test_a_user_without_a_policy_is_denied(aws):
    iam = aws.client("iam")
    iam.create_user(UserName="nobody")
    key = iam.create_access_key(UserName="nobody")["AccessKey"]
    keys = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    with pytest.raises(Exception, match="AccessDenied"):
        aws.client("dynamodb", **keys).list_tables()


def test_a_wrong_secret_is_refused(aws):
    iam = aws.client("iam")
    iam.create_user(UserName="somebody")
    key = iam.create_access_key(UserName="somebody")["AccessKey"]
    keys = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": "wrong"}
    with pytest.raises(Exception, match=r"[Ss]ignature"):
        aws.client("dynamodb", **keys).list_tables()


def test_only_loopback_is_bound(aws):
    addresses = listeners(aws._emulator.running.pid)
    assert addresses
    assert {address.split(".")[0] for address in addresses} == {"127"}
