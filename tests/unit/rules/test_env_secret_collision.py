import pytest

RULE = "env-secret-collision"
NO_VALUE = {"Ref": "AWS::NoValue"}
CONDITIONS = {
    "A": {"Fn::Equals": [{"Ref": "Env"}, "prod"]},
    "B": {"Fn::Equals": [{"Ref": "Env"}, "stage"]},
    "NotA": {"Fn::Not": [{"Condition": "A"}]},
    "AAndMore": {"Fn::And": [{"Condition": "A"}, {"Fn::Equals": [{"Ref": "More"}, "yes"]}]},
}
PARAMETERS = {"Env": {"Type": "String"}, "Name": {"Type": "String", "Default": "TOKEN"}, "Open": {"Type": "String"}}


def env(name="TOKEN"):
    return {"Name": name, "Value": "x"}


def secret(name="TOKEN"):
    return {"Name": name, "ValueFrom": "arn"}


def only_if(condition, entry):
    return {"Fn::If": [condition, entry, NO_VALUE]}


def unless(condition, entry):
    return {"Fn::If": [condition, NO_VALUE, entry]}


COLLIDING = {
    "plain": ([env()], [secret()]),
    "one among many": ([env("A"), env("TOKEN")], [secret("B"), secret("TOKEN")]),
    "name by Sub": ([env({"Fn::Sub": "TO${AWS::NoValue}KEN"})], [secret()]),
    "name by Join": ([env({"Fn::Join": ["_", ["A", "B"]]})], [secret("A_B")]),
    "under one condition": ([only_if("A", env())], [secret()]),
    "under the same condition": ([only_if("A", env())], [only_if("A", secret())]),
    "under conditions that can meet": ([only_if("A", env())], [only_if("AAndMore", secret())]),
    "in a conditional list": ([env()], {"Fn::If": ["A", [secret()], NO_VALUE]}),
    "the same parameter": ([env({"Ref": "Open"})], [secret({"Ref": "Open"})]),
    "the same text around a parameter": (
        [env({"Fn::Sub": "${Open}_KEY"})],
        [secret({"Fn::Join": ["_", [{"Ref": "Open"}, "KEY"]]})],
    ),
    "in both branches": ([env()], [{"Fn::If": ["A", secret(), secret("OTHER")]}]),
}
SILENT = {
    "no secret": ([env()], None),
    "other name": ([env()], [secret("OTHER")]),
    "other case": ([env("token")], [secret()]),
    "Fn::If and its opposite": ([unless("A", env())], [only_if("A", secret())]),
    "A and Not A": ([only_if("NotA", env())], [only_if("A", secret())]),
    "And(A, ...) and Not A": ([only_if("NotA", env())], [only_if("AAndMore", secret())]),
    "two values of one parameter": ([only_if("A", env())], [only_if("B", secret())]),
    "opposite lists": ({"Fn::If": ["A", NO_VALUE, [env()]]}, {"Fn::If": ["A", [secret()], NO_VALUE]}),
    "another parameter": ([env({"Ref": "Open"})], [secret({"Ref": "Env"})]),
    "the same parameter, never together": (
        [unless("A", env({"Ref": "Open"}))],
        [only_if("A", secret({"Ref": "Open"}))],
    ),
    "the same import": ([env({"Fn::ImportValue": "X"})], [secret({"Fn::ImportValue": "X"})]),
    "a secret twice, never together": ([], [unless("A", secret()), only_if("A", secret())]),
    "unknown list": ({"Ref": "Open"}, [secret()]),
    "Fn::ForEach": ([env()], [{"Fn::ForEach::X": ["I", ["TOKEN"], secret("${I}")]}]),
    "empty names": ([env("")], [secret("")]),
    "no list": ("TOKEN", {"Name": "TOKEN"}),
    "nulls": ([None, {"Name": None}], [None, {"Name": None}]),
}


@pytest.mark.parametrize("case", COLLIDING)
def test_a_name_in_both_lists_is_an_error(found, task, case):
    environment, secrets = COLLIDING[case]
    findings = found(RULE, task(Environment=environment, Secrets=secrets), Conditions=CONDITIONS, Parameters=PARAMETERS)
    assert [severity for severity, _ in findings] == ["error"]


@pytest.mark.parametrize("case", SILENT)
def test_names_that_never_meet_are_silent(found, task, case):
    environment, secrets = SILENT[case]
    resources = task(Environment=environment, Secrets=secrets)
    assert found(RULE, resources, Conditions=CONDITIONS, Parameters=PARAMETERS) == []


def test_the_message_names_the_container_and_the_variable(found, task):
    findings = found(RULE, task(Environment=[env()], Secrets=[secret()]))
    assert findings == [("error", "container `api` defines `TOKEN` in both environment and secrets")]


def test_the_message_shows_a_name_that_only_the_deployment_tells(found, task):
    resources = task(Environment=[env({"Fn::Sub": "${Open}_KEY"})], Secrets=[secret({"Fn::Sub": "${Open}_KEY"})])
    findings = found(RULE, resources, Parameters=PARAMETERS)
    assert findings == [("error", "container `api` defines `${Open}_KEY` in both environment and secrets")]


def test_a_name_twice_among_the_secrets_is_a_warning(found, task):
    findings = found(RULE, task(Secrets=[secret(), secret("OTHER"), only_if("A", secret())]), Conditions=CONDITIONS)
    assert findings == [("warning", "container `api` defines the secret `TOKEN` twice")]


def test_a_name_by_a_parameters_default_is_a_warning(found, task):
    resources = task(Environment=[env({"Ref": "Name"})], Secrets=[secret()])
    ((severity, message),) = found(RULE, resources, Parameters=PARAMETERS)
    assert severity == "warning"
    assert message.endswith("(by the default of parameter `Name`)")


def test_containers_under_opposite_conditions_do_not_meet(found, task):
    resources = task(Environment=[only_if("NotA", env())], Secrets=[secret()])
    resources["Task"]["Condition"] = "A"
    assert found(RULE, resources, Conditions=CONDITIONS, Parameters=PARAMETERS) == []


def test_raw_task_definitions_are_read_in_their_own_spelling(report_of):
    container = {
        "name": "api",
        "image": "api:1",
        "environment": [{"name": "A", "value": "1"}],
        "secrets": [{"name": "A", "valueFrom": "arn"}],
    }
    for tree in (
        {"containerDefinitions": [container]},
        {"taskDefinition": {"containerDefinitions": [container]}},
        [container],
    ):
        (finding,) = [finding for finding in report_of(tree).findings if finding.rule == RULE]
        assert (finding.severity, finding.resource) == ("error", None)
