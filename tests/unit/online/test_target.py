import json

import pytest

from roadworthy.online.deployment import Deployment
from roadworthy.online.engine.run import online_rules
from roadworthy.online.target import Target, targets
from roadworthy.template.document import TEMPLATE, Document
from roadworthy.template.sources import read
from roadworthy.template.values import UNKNOWN, Reference, Text

HOME = Target("123456789012", "eu-west-1", "aws", "amazonaws.com", own=True)
HERE, NOWHERE = "aws://123456789012/eu-west-1", "aws://unknown-account/unknown-region"


@pytest.fixture
def assembly(tmp_path, aws):
    """The target of the template `A.json` in an assembly whose stack has an environment."""

    def build(environment, manifest=None):
        artifact = {"type": "aws:cloudformation:stack", "environment": environment}
        stack = {**artifact, "properties": {"templateFile": "A.json"}}
        text = json.dumps({"artifacts": {"A": stack}}) if manifest is None else manifest
        (tmp_path / "manifest.json").write_text(text)
        document = Document(file=str(tmp_path / "A.json"), text="", syntax="json", kind=TEMPLATE, tree={})
        document.synthesized = True
        child = Document(file=str(tmp_path / "B.json"), text="", syntax="json", kind=TEMPLATE, tree={})
        document.nested["Nested"] = child
        found = targets([document, child], aws)
        assert found[child] == found[document]
        return found[document]

    return build


@pytest.mark.parametrize("environment", [HERE, NOWHERE, "aws://123456789012/unknown-region", 7, "elsewhere", None])
def test_a_stack_without_an_environment_goes_where_the_session_is(assembly, environment):
    assert assembly(environment) == HOME


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"artifacts": [1]}', '{"artifacts": {"A": 1}}'])
def test_a_manifest_that_says_nothing_is_no_environment(assembly, manifest):
    assert assembly(HERE, manifest) == HOME


def test_a_stack_may_have_an_account_and_a_region_of_its_own(assembly):
    assert assembly("aws://999999999999/cn-north-1") == Target(
        "999999999999", "cn-north-1", "aws-cn", "amazonaws.com.cn", own=False
    )


def test_names_in_another_account_are_not_asked_about(aws, task, service, tmp_path, assembly, deny):
    assembly("aws://999999999999/eu-west-1")
    for calls in (("logs", "describe_log_groups"), ("ssm", "get_parameters"), ("cloudwatch", "describe_alarms")):
        deny(*calls)
    container = {
        "Secrets": [{"Name": "A", "ValueFrom": "/app/db"}],
        "LogConfiguration": {"LogDriver": "awslogs", "Options": {"awslogs-group": "/ecs/api"}},
    }
    alarms = {"Alarms": {"AlarmNames": ["cpu"], "Enable": True, "Rollback": True}}
    resources = {**task(**container), **service(DeploymentConfiguration=alarms)}
    (tmp_path / "A.json").write_text(json.dumps({"Resources": resources}))
    rules = online_rules(read([str(tmp_path)]).documents, aws)
    assert [finding for rule in rules for finding in rule.check(None)] == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        (7, "7"),
        (Reference(None, "AWS::Region"), "eu-west-1"),
        (Text(("arn:", Reference(None, "AWS::Partition"), ":x")), "arn:aws:x"),
        (
            Text((Reference(None, "AWS::AccountId"), ".", Reference(None, "AWS::URLSuffix"))),
            "123456789012.amazonaws.com",
        ),
        (Text(("x-", Reference(None, "AWS::StackName"))), None),
        (Text(("x-", UNKNOWN)), None),
        (Reference(None, "Repository"), None),
        (Reference(None, "AWS::Region", "Arn"), None),
        (UNKNOWN, None),
    ],
)
def test_a_text_is_known_when_all_of_it_is(value, text):
    assert HOME.text(value) == text


def test_what_is_declared_perhaps_counts_as_declared(aws):
    names = ["/ecs/api", {"Fn::Sub": "/${AWS::StackName}/x"}, {"Fn::Sub": "a.b${Stage}"}, {"Ref": "AWS::NoValue"}]
    groups = {
        f"G{index}": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": name}}
        for index, name in enumerate(names)
    }
    tree = {"Resources": groups, "Parameters": {"Stage": {"Type": "String"}}}
    document = Document(file="x", text="", syntax="json", kind=TEMPLATE, tree=tree)
    deployment, at = Deployment([document], aws), document.definition()
    kind = {"AWS::Logs::LogGroup": "LogGroupName"}
    wanted = ["/ecs/api", "/any/x", "a.b", "a.bc\n", "axb", "/ecs/api2", "x/ecs/api"]
    assert [deployment.declares(kind, name, at) for name in wanted] == [True, True, True, True, False, False, False]


def test_a_name_of_which_nothing_is_known_counts_in_its_own_document_alone(aws):
    tree = {
        "Resources": {"G": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": {"Ref": "AWS::StackName"}}}}
    }
    documents = [Document(file=name, text="", syntax="json", kind=TEMPLATE, tree=tree) for name in "xy"]
    documents[1].resources = {}
    deployment, kind = Deployment(documents, aws), {"AWS::Logs::LogGroup": "LogGroupName"}
    assert [deployment.declares(kind, "/ecs/api", each.definition()) for each in documents] == [True, False]
