import pytest

RULE = "secret-or-parameter-missing"
ACCOUNT = "123456789012"
SECRETS, PARAMETERS = (
    f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:",
    f"arn:aws:ssm:eu-west-1:{ACCOUNT}:parameter/",
)
NAMED = {"Secrets": [{"Name": "DB"}]}


@pytest.fixture
def messages(found, task):
    """The messages on a container that gets secrets from the given places."""

    def check(*sources, **sections):
        secrets = [{"Name": f"S{number}", "ValueFrom": source} for number, source in enumerate(sources)]
        findings = found({**task(Secrets=secrets), **sections})
        assert {(rule, severity) for rule, severity, _ in findings} <= {(RULE, "error")}
        return [message for _, _, message in findings]

    return check


def missing(kind, name):
    return f"container `api` uses {kind} `{name}`, which does not exist in region eu-west-1"


def test_a_secret_that_exists_is_right_by_arn_and_with_a_key(messages, client):
    arn = client("secretsmanager").create_secret(Name="app/db", SecretString='{"password": "x"}')["ARN"]
    assert (
        messages(arn, f"{arn}:password::", f"{SECRETS}app/db", {"Fn::Sub": arn.replace(ACCOUNT, "${AWS::AccountId}")})
        == []
    )


def test_a_secret_that_does_not_exist_is_an_error(messages):
    assert messages(f"{SECRETS}app/db-AbCdEf:password::") == [missing("secret", "app/db-AbCdEf")]


def test_the_partition_is_a_pseudo_parameter_as_well(messages):
    source = {"Fn::Sub": "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:db-AbCdEf"}
    assert messages(source) == [missing("secret", "db-AbCdEf")]


def test_a_secret_that_is_being_deleted_is_an_error(messages, client):
    arn = client("secretsmanager").create_secret(Name="db", SecretString="x")["ARN"]
    client("secretsmanager").delete_secret(SecretId=arn)
    (message,) = messages(arn)
    assert message == f"container `api` uses secret `{arn.rpartition(':')[2]}`, which is scheduled for deletion"


def test_a_secret_without_a_value_cannot_be_read(messages, client):
    arn = client("secretsmanager").create_secret(Name="db")["ARN"]
    (message,) = messages(arn)
    assert message.endswith("which has no version with the label `AWSCURRENT`")


def test_the_label_that_is_asked_for_must_be_there(messages, client):
    arn = client("secretsmanager").create_secret(Name="db", SecretString="x")["ARN"]
    (message,) = messages(f"{arn}::AWSCURRENT:", f"{arn}::BLUE:")
    assert message.endswith("which has no version with the label `BLUE`")


def test_parameters_are_looked_up_by_name_and_by_arn(messages, client):
    client("ssm").put_parameter(Name="/app/db", Value="x", Type="SecureString")
    client("ssm").put_parameter(Name="plain", Value="x", Type="String")
    assert messages("/app/db", f"{PARAMETERS}app/db", "plain", "/gone") == [missing("parameter", "/gone")]


def test_parameters_are_asked_about_ten_at_a_time(messages, client):
    client("ssm").put_parameter(Name="/p/07", Value="x", Type="String")
    names = [f"/p/{number:02}" for number in range(25)]
    assert messages(*names) == [missing("parameter", name) for name in names if name != "/p/07"]


@pytest.mark.parametrize(
    "source",
    [
        {"Ref": "Secret"},
        {"Fn::Sub": "${Secret}:password::"},
        {"Fn::Sub": f"{SECRETS}${{Stage}}/db-AbCdEf"},
        {"Ref": "Parameter"},
        "/declared",
        f"{PARAMETERS}declared",
        f"{SECRETS}declared-AbCdEf",
        "{{resolve:ssm:/x}}",
        "<SECRET_ARN>",
        "arn:aws:secretsmanager:REGION:ACCOUNT:secret:db-AbCdEf",
        "arn:aws:ssm:eu-west-1:999999999999:parameter/shared",
        "arn:aws:s3:::bucket/key",
        None,
    ],
)
def test_what_is_not_known_or_made_here_is_not_asked_about(messages, source, deny):
    deny("ssm", "get_parameters")
    deny("secretsmanager", "describe_secret")
    secret = {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "declared"}}
    parameter = {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/declared"}}
    assert messages(source, Secret=secret, Parameter=parameter) == []


def test_a_name_that_is_made_here_perhaps_is_not_asked_about(messages, deny):
    deny("ssm", "get_parameters")
    parameter = {"Type": "AWS::SSM::Parameter", "Properties": {"Name": {"Fn::Sub": "/${AWS::StackName}/db"}}}
    assert messages("/shop/db", Parameter=parameter) == []


def test_log_drivers_and_registries_have_secrets_too(found, task):
    options = [{"Name": "token", "ValueFrom": "/splunk"}]
    container = task(
        LogConfiguration={"LogDriver": "splunk", "SecretOptions": options},
        RepositoryCredentials={"CredentialsParameter": f"{SECRETS}hub-AbCdEf"},
    )
    expected = [missing("secret", "hub-AbCdEf"), missing("parameter", "/splunk")]
    assert [message for _, _, message in found(container)] == expected


@pytest.mark.parametrize("code", ["AccessDeniedException", "ResourceNotFoundException"])
def test_another_account_that_does_not_tell_is_silent(messages, deny, code):
    deny("secretsmanager", "describe_secret", code)
    assert messages("arn:aws:secretsmanager:eu-west-1:999999999999:secret:db-AbCdEf") == []


def test_a_permission_for_some_parameters_tells_of_these(found, task, stub):
    ssm = stub("ssm")
    ssm.add_client_error("get_parameters", "AccessDeniedException", "no", 400, expected_params={"Names": ["/a", "/b"]})
    ssm.add_response("get_parameters", {"InvalidParameters": ["/a"]}, {"Names": ["/a"]})
    ssm.add_client_error("get_parameters", "AccessDeniedException", "no", 400, expected_params={"Names": ["/b"]})
    secrets = [{"Name": name, "ValueFrom": name} for name in ("/a", "/b")]
    arn = f"arn:aws:ssm:eu-west-1:{ACCOUNT}:parameter/b"
    assert (
        found(task(Secrets=secrets))
        == [
            (
                "online-check-skipped",
                "warning",
                f"could not check `{RULE}`: the caller lacks ssm:GetParameters on {arn}",
            ),
            (RULE, "error", missing("parameter", "/a")),
        ][::-1]
    )


def test_a_lacking_permission_for_secrets_is_named(found, task, deny):
    deny("secretsmanager", "describe_secret")
    arns = [f"{SECRETS}{name}-AbCdEf" for name in ("one", "two")]
    secrets = [{"Name": arn[-8:-6], "ValueFrom": arn} for arn in arns]
    message = f"could not check `{RULE}`: the caller lacks secretsmanager:DescribeSecret on {arns[0]} and 1 more"
    assert found(task(Secrets=secrets)) == [("online-check-skipped", "warning", message)]
