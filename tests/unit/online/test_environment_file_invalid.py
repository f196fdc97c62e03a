import pytest

RULE = "environment-file-invalid"
FILE = "arn:aws:s3:::settings/api.env"


@pytest.fixture
def reported(found, task):
    def check(value, **more):
        return found({**task(EnvironmentFiles=[{"Type": "s3", "Value": value}]), **more})

    return check


@pytest.fixture
def bucket(client):
    where = {"LocationConstraint": "eu-west-1"}
    client("s3").create_bucket(Bucket="settings", CreateBucketConfiguration=where)
    return lambda key: client("s3").put_object(Bucket="settings", Key=key, Body=b"A=1")


def missing(file):
    return [(RULE, "error", f"container `api` gets environment file `{file}`, which does not exist")]


def test_a_file_that_exists_is_right(reported, bucket):
    bucket("api.env")
    assert reported(FILE) == []
    assert reported({"Fn::Sub": "arn:${AWS::Partition}:s3:::settings/api.env"}) == []


def test_a_file_that_does_not_exist_is_an_error(reported, bucket):
    bucket("other.env")
    assert reported(FILE) == missing(FILE)


def test_a_bucket_that_does_not_exist_is_an_error(reported):
    assert reported(FILE) == missing(FILE)


@pytest.mark.parametrize(
    "value",
    [
        {"Fn::Sub": "arn:aws:s3:::settings/${AWS::StackName}.env"},
        {"Fn::Sub": "${Bucket.Arn}/api.env"},
        "arn:aws:s3:::cdk-hnb659fds-assets-123456789012-eu-west-1/abc.env",
        "arn:aws:s3:::declared/api.env",
        "arn:aws:s3:::<BUCKET>/api.env",
        "arn:aws:s3:::settings",
        "settings/api.env",
        None,
    ],
)
def test_what_is_not_known_or_brought_along_is_not_asked_about(reported, deny, value):
    deny("s3", "head_object", "403")
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "declared"}}
    assert reported(value, Bucket=bucket) == []


def test_a_lacking_permission_is_named(reported, deny):
    deny("s3", "head_object", "403")
    message = f"could not check `{RULE}`: the caller lacks s3:GetObject on {FILE}"
    assert reported(FILE) == [("online-check-skipped", "warning", message)]
