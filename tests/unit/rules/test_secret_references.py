import pytest

NAME = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app/db"
ARN = f"{NAME}-a1B2c3"
PARAMETERS = {"Open": {"Type": "String"}, "Key": {"Type": "String", "Default": "user"}}


def secret(**properties):
    return {"Database": {"Type": "AWS::SecretsManager::Secret", "Properties": properties}}


@pytest.fixture
def found_in(found, task):
    """Findings of a rule on a container with one secret `DB`, and other resources."""

    def check(rule, value, others=None, **sections):
        resources = {**task(Secrets=[{"Name": "DB", "ValueFrom": value}]), **(others or {})}
        return found(rule, resources, **{"Parameters": PARAMETERS, **sections})

    return check


MALFORMED = {
    "one field": (f"{ARN}:password", f"`{ARN}:password`, with 1 field behind the secret instead of 0 or 3"),
    "two fields": (f"{ARN}:password:", f"`{ARN}:password:`, with 2 fields behind the secret instead of 0 or 3"),
    "four fields": (f"{ARN}:a:b:c:d", f"`{ARN}:a:b:c:d`, with 4 fields behind the secret instead of 0 or 3"),
    "Sub": (
        {"Fn::Sub": "${Database}:password"},
        "`${Database}:password`, with 1 field behind the secret instead of 0 or 3",
    ),
    "Join": (
        {"Fn::Join": [":", [{"Ref": "Database"}, "password"]]},
        "`${Database}:password`, with 1 field behind the secret instead of 0 or 3",
    ),
    "pseudo parameters": (
        {"Fn::Sub": "arn:aws:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:app-a1B2c3:key"},
        "`arn:aws:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:app-a1B2c3:key`, "
        "with 1 field behind the secret instead of 0 or 3",
    ),
    "placeholder": (f"{NAME}-XXXXXX:key::", f"`{NAME}-XXXXXX:key::`, whose suffix `-XXXXXX` is a placeholder"),
}
WELL_FORMED = {
    "the secret": ARN,
    "a key": f"{ARN}:password::",
    "a stage": f"{ARN}::AWSPREVIOUS:",
    "colons alone": f"{ARN}::",
    "by reference": {"Fn::Sub": "${Database}:password::"},
    "a parameter's name": "/app/db",
    "a parameter's ARN": "arn:aws:ssm:eu-west-1:123456789012:parameter/app/db",
    "an open parameter": {"Fn::Sub": "${Open}:password"},
    "an import": {"Fn::Join": ["", [{"Fn::ImportValue": "db"}, ":password"]]},
    "an open name": {"Fn::Sub": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:${Open}:x"},
    "a list": ["x"],
    "nothing": None,
}


@pytest.mark.parametrize("case", MALFORMED)
def test_an_arn_with_other_than_three_fields_is_refused(found_in, case):
    value, what = MALFORMED[case]
    assert found_in("secret-arn-shape", value, secret()) == [("error", f"`DB` of container `api` is {what}")]


@pytest.mark.parametrize("case", WELL_FORMED)
def test_whole_arns_and_unknown_ones_are_silent(found_in, case):
    assert found_in("secret-arn-shape", WELL_FORMED[case], secret()) == []


def test_raw_task_definitions_are_read_as_well(report_of):
    container = {"name": "api", "image": "api:1", "secrets": [{"name": "DB", "valueFrom": f"{ARN}:password"}]}
    (finding,) = [f for f in report_of({"containerDefinitions": [container]}).findings if f.rule == "secret-arn-shape"]
    assert finding.message.endswith("with 1 field behind the secret instead of 0 or 3")


def test_a_secrets_name_is_taken_for_a_parameters(found_in):
    message = (
        "`DB` of container `api` is `app/db`, the name of secret `Database`; ECS looks for a parameter of that name"
    )
    assert found_in("secret-name-instead-of-arn", "app/db", secret(Name="app/db")) == [("error", message)]


def test_a_secrets_name_with_fields_behind_it_is_no_parameters(found_in):
    message = "`DB` of container `api` is `app/db:password::`, the name of secret `Database` with fields behind it"
    assert found_in("secret-name-instead-of-arn", "app/db:password::", secret(Name="app/db")) == [("error", message)]
    assert found_in("secret-name-instead-of-arn", "db:3", secret(Name="db")) == []


def test_a_parameter_of_that_name_is_right(found_in):
    parameter = {"Parameter": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "db", "Value": "x"}}}
    assert found_in("secret-name-instead-of-arn", "db", {**secret(Name="db"), **parameter}) == []


def test_a_slash_inside_needs_one_in_front(found_in):
    message = "`DB` of container `api` is `app/other`, which no parameter can have as its name"
    assert found_in("secret-name-instead-of-arn", "app/other", secret(Name="app/db")) == [("warning", message)]


@pytest.mark.parametrize("value", ["/app/db", "other", {"Ref": "Database"}, {"Ref": "Open"}, "ARN", ARN, "a b/c"])
def test_other_names_are_left_alone(found_in, value):
    assert found_in("secret-name-instead-of-arn", value, secret(Name="app/db")) == []


RESOLVED = "{{resolve:secretsmanager:app/db:SecretString:password}}"


@pytest.mark.parametrize(
    "value", [RESOLVED, {"Fn::Sub": RESOLVED}, {"Fn::If": ["A", RESOLVED, ARN]}], ids=["text", "Sub", "If"]
)
def test_a_secrets_value_is_no_arn(found_in, value):
    conditions = {"A": {"Fn::Equals": [{"Ref": "Open"}, "a"]}}
    message = (
        f"secret `DB` of container `api` is `{RESOLVED}`, which becomes the secret's value where its ARN must stand"
    )
    assert found_in("secret-dynamic-reference", value, Conditions=conditions) == [("error", message)]


PIECES = ["{{resolve:secretsmanager:", {"Ref": "Database"}, ":SecretString:password}}"]
IN_ENVIRONMENT = {
    "Join": ({"Fn::Join": ["", PIECES]}, "…"),
    "Sub": ({"Fn::Sub": "{{resolve:secretsmanager:${Database}:SecretString:password}}"}, "${Database}"),
    "in a URL": ({"Fn::Join": ["", ["postgres://u:", *PIECES, "@host"]]}, "…"),
}


@pytest.mark.parametrize("case", IN_ENVIRONMENT)
def test_a_secrets_value_in_the_environment_is_plain_text(found, task, case):
    value, name = IN_ENVIRONMENT[case]
    message = (
        "environment variable `DB` of container `api` is "
        f"`{{{{resolve:secretsmanager:{name}:SecretString:password}}}}`, "
        "which stands in plain text in the task definition"
    )
    assert found("secret-dynamic-reference", task(Environment=[{"Name": "DB", "Value": value}])) == [
        ("warning", message)
    ]


@pytest.mark.parametrize("value", ["{{resolve:ssm:/app/arn}}", ARN, {"Ref": "Open"}, {"Fn::Join": "x"}, ["x"]])
def test_other_references_are_left_alone(found_in, value):
    assert found_in("secret-dynamic-reference", value) == []


def test_a_json_key_needs_the_whole_arn(found_in):
    message = (
        f"`DB` of container `api` is `{NAME}:password::`, which lacks the suffix of six characters behind `app/db`"
    )
    assert found_in("secret-arn-without-suffix", f"{NAME}:password::") == [("warning", message)]


@pytest.mark.parametrize(
    "value", [NAME, f"{ARN}:password::", {"Fn::Sub": "${Database}:password::"}, {"Fn::Sub": f"{NAME}${{Open}}:key::"}]
)
def test_whole_and_unknown_arns_have_their_suffix(found_in, value):
    assert found_in("secret-arn-without-suffix", value, secret()) == []


TEMPLATE = {"SecretStringTemplate": '{"username": "api"}', "GenerateStringKey": "password"}
UNKNOWN_KEY = {
    "a template": (secret(GenerateSecretString=TEMPLATE), "has the keys `password`, `username`"),
    "JSON": (secret(SecretString='{"name": "api"}'), "has the keys `name`"),
    "JSON with gaps": (
        secret(SecretString={"Fn::Sub": '{"name": "${Open}", "n": ${Open}}'}),
        "has the keys `n`, `name`",
    ),
    "a default in a value": (secret(SecretString={"Fn::Sub": '{"name": "${Key}"}'}), "has the keys `name`"),
    "generated text": (secret(GenerateSecretString={"PasswordLength": 32}), "is a plain text"),
    "text": (secret(SecretString="swordfish"), "is a plain text"),
}
KNOWN_KEY = {
    "the key": secret(GenerateSecretString={**TEMPLATE, "GenerateStringKey": "user"}),
    "written later": secret(Description="filled by hand"),
    "a template by default": secret(GenerateSecretString={**TEMPLATE, "GenerateStringKey": {"Ref": "Key"}}),
    "a key by default": secret(SecretString={"Fn::Sub": '{"${Key}": 1}'}),
    "a text by default": secret(SecretString={"Fn::Sub": "${Key}"}),
    "an unknown text": secret(SecretString={"Ref": "Open"}),
    "an unknown key": secret(SecretString={"Fn::Sub": '{"${Open}": 1}'}),
    "resolved": secret(SecretString="{{resolve:ssm:/a}}"),
    "an unknown generation": secret(GenerateSecretString={"Fn::Transform": {}}),
    "no properties": {"Database": {"Type": "AWS::SecretsManager::Secret"}},
}


@pytest.mark.parametrize("case", UNKNOWN_KEY)
def test_a_key_that_the_template_does_not_write_is_missing(found_in, case):
    others, what = UNKNOWN_KEY[case]
    message = f"`DB` of container `api` asks for the key `user` of secret `Database`, which {what}"
    assert found_in("secret-json-key-unknown", {"Fn::Sub": "${Database}:user::"}, others) == [("error", message)]


@pytest.mark.parametrize("case", KNOWN_KEY)
def test_keys_that_may_be_there_are_silent(found_in, case):
    assert found_in("secret-json-key-unknown", {"Fn::Sub": "${Database}:user::"}, KNOWN_KEY[case]) == []


ATTACHMENT = {
    "Type": "AWS::SecretsManager::SecretTargetAttachment",
    "Properties": {"SecretId": {"Ref": "Database"}, "TargetId": "db", "TargetType": "AWS::RDS::DBInstance"},
}


@pytest.mark.parametrize("key", ["host", "port", "username", "password", "dbname", "engine"])
def test_an_attachment_adds_keys(found_in, key):
    others = {**secret(GenerateSecretString=TEMPLATE), "Attachment": ATTACHMENT}
    for name in ("Database", "Attachment"):
        assert found_in("secret-json-key-unknown", {"Fn::Sub": f"${{{name}}}:{key}::"}, others) == []


def test_a_key_that_an_attachment_does_not_add_is_missing_too(found_in):
    others = {**secret(GenerateSecretString=TEMPLATE), "Attachment": ATTACHMENT}
    findings = found_in("secret-json-key-unknown", {"Fn::Sub": "${Attachment}:hostname::"}, others)
    assert [severity for severity, _ in findings] == ["error"]


def race(found_in, value, **service):
    properties = {"TaskDefinition": {"Ref": "Task"}}
    others = {
        **secret(GenerateSecretString=TEMPLATE),
        "Attachment": ATTACHMENT,
        "Service": {"Type": "AWS::ECS::Service", "Properties": properties, **service},
    }
    return found_in("secret-attachment-race", {"Fn::Sub": value}, others)


def test_a_service_waits_for_the_attachment_whose_keys_it_reads(found_in):
    message = (
        "container `api` reads `host` of secret `Database`, which `Attachment` adds; "
        "service `Service` does not wait for it"
    )
    assert race(found_in, "${Database}:host::") == [("warning", message)]
    assert race(found_in, "${Attachment}:host::") == race(found_in, "${Database}:password::") == []
    assert race(found_in, "${Database}:host::", DependsOn="Attachment") == []
