import json

import pytest

from roadworthy.rules.engine.run import run
from roadworthy.template.document import TEMPLATE, Document
from roadworthy.template.sources import Sources

PARAMETERS = {"Open": {"Type": "String"}, "Wait": {"Type": "Number", "Default": 300}}
CONDITIONS = {"A": {"Fn::Equals": [{"Ref": "Open"}, "a"]}}
NAMES, FAMILY, TIMEOUT = "invalid-names", "shared-family-in-assembly", "start-stop-timeout-range"
RANGES, PLATFORM, LARGE = "restart-policy-and-ulimit-ranges", "platform-version-too-old", "task-definition-too-large"


def definition(*containers, **properties):
    named = [{"Name": f"c{index}", "Image": "api:1", **each} for index, each in enumerate(containers or [{}])]
    return {"Type": "AWS::ECS::TaskDefinition", "Properties": {"ContainerDefinitions": named, **properties}}


@pytest.fixture
def of_task(found):
    """What a rule finds on a task definition with the given container and properties."""

    def check(rule, container=None, **properties):
        resources = {"Task": definition(container or {}, **properties)}
        return found(rule, resources, Parameters=PARAMETERS, Conditions=CONDITIONS)

    return check


@pytest.mark.parametrize(
    ("container", "properties", "what"),
    [
        ({}, {"Family": "shop.api"}, "family name `shop.api` has characters that ECS refuses"),
        ({}, {"Family": "a" * 256}, f"family name `{'a' * 256}` has 256 characters"),
        ({}, {"Family": {"Fn::Sub": "${Open}/api"}}, "family name `…/api` has characters that ECS refuses"),
        ({"Name": "api server"}, {}, "container name `api server` has characters that ECS refuses"),
        ({}, {"Volumes": [{"Name": "my.volume"}]}, "volume name `my.volume` has characters that ECS refuses"),
        (
            {"PortMappings": [{"ContainerPort": 80, "Name": "HTTP"}]},
            {},
            "port name `HTTP` has characters that ECS refuses",
        ),
        ({"PortMappings": [{"ContainerPort": 80, "Name": "-a"}]}, {}, "port name `-a` has characters that ECS refuses"),
    ],
)
def test_a_name_that_ecs_refuses_is_an_error(of_task, container, properties, what):
    assert of_task(NAMES, container, **properties) == [("error", f"the {what}")]


def test_a_services_name_is_looked_at(found):
    service = {"Type": "AWS::ECS::Service", "Properties": {"ServiceName": "shop:api"}}
    message = "the service name `shop:api` has characters that ECS refuses"
    assert found(NAMES, {"Service": service}) == [("error", message)]


@pytest.mark.parametrize(
    ("container", "family"),
    [
        ({"Name": "api_1-B"}, "a" * 255),
        ({"Name": {"Ref": "Open"}}, {"Fn::Sub": "${Open}-api"}),
        ({"Name": "<NAME>"}, "${FAMILY}"),
        ({"PortMappings": [{"ContainerPort": 80, "Name": "http_1-a"}, {"ContainerPort": 81, "Name": ""}]}, ""),
        ({"PortMappings": [{"ContainerPort": 80, "Name": {"Fn::Sub": "${Open}-http"}}]}, {"Fn::ImportValue": "a"}),
    ],
)
def test_names_that_ecs_takes_and_placeholders_are_silent(of_task, container, family):
    assert of_task(NAMES, container, Family=family) == []


def test_two_task_definitions_of_one_family_are_warned_of(found):
    findings = found(FAMILY, {"Api": definition(Family="shop"), "Worker": definition(Family="shop")})
    assert findings == [("warning", "the family `shop` is also that of `Api`")]


@pytest.mark.parametrize(
    "resources",
    [
        {"Api": definition(Family="api"), "Worker": definition(Family="worker")},
        {"Api": definition(Family={"Ref": "Open"}), "Worker": definition(Family={"Ref": "Open"})},
        {"Api": definition(), "Worker": definition()},
        {
            "Api": definition(Family={"Fn::If": ["A", "shop", "api"]}),
            "Worker": definition(Family={"Fn::If": ["A", "worker", "shop"]}),
        },
    ],
)
def test_families_that_differ_or_are_not_known_are_silent(found, resources):
    assert found(FAMILY, resources, Parameters=PARAMETERS, Conditions=CONDITIONS) == []


def test_templates_that_are_not_deployed_together_may_share_a_family(report_of):
    trees = [{"Resources": {"Task": definition(Family="shop")}}] * 2
    assert [finding for finding in report_of(*trees).findings if finding.rule == FAMILY] == []


@pytest.mark.parametrize(("region", "findings"), [("eu-west-1", 1), ("us-east-1", 0), (None, 0)])
def test_stacks_of_one_account_and_region_have_families_of_their_own(region, findings):
    trees = [{"Resources": {"Task": definition(Family="shop")}} for _ in range(2)]
    stacks = [
        Document(file=f"{i}", text=json.dumps(tree), syntax="json", kind=TEMPLATE, tree=tree)
        for i, tree in enumerate(trees)
    ]
    (stacks[0].account, stacks[0].region), (stacks[1].account, stacks[1].region) = ("1", "eu-west-1"), ("1", region)
    report = run(Sources(stacks, []))
    assert len([finding for finding in report.findings if finding.rule == FAMILY]) == findings


@pytest.mark.parametrize(("name", "value"), [("StopTimeout", 300), ("StartTimeout", 1), ("StopTimeout", "121")])
def test_a_timeout_out_of_range_is_an_error_on_fargate(of_task, name, value):
    message = f"container `c0` has `{name}` {value}, which is not between 2 and 120 seconds"
    assert of_task(TIMEOUT, {name: value}, RequiresCompatibilities=["FARGATE"]) == [("error", message)]


@pytest.mark.parametrize("timeout", [2, 120, {"Ref": "Open"}, None, [300]])
def test_timeouts_in_range_or_unknown_are_silent(of_task, timeout):
    assert of_task(TIMEOUT, {"StopTimeout": timeout} if timeout else {}, RequiresCompatibilities=["FARGATE"]) == []


def test_a_long_timeout_is_silent_on_instances(of_task):
    assert of_task(TIMEOUT, {"StopTimeout": 300}, RequiresCompatibilities=["EC2"]) == []


def test_a_timeout_by_a_parameters_default_is_a_warning(of_task):
    ((severity, _),) = of_task(TIMEOUT, {"StopTimeout": {"Ref": "Wait"}}, RequiresCompatibilities=["FARGATE"])
    assert severity == "warning"


@pytest.mark.parametrize(
    ("container", "message"),
    [
        (
            {"RestartPolicy": {"RestartAttemptPeriod": 30}},
            "container `c0` may restart after 30 seconds, which is not between 60 and 1800",
        ),
        (
            {"RestartPolicy": {"IgnoredExitCodes": [*range(51)]}},
            "container `c0` ignores 51 exit codes, ECS takes 50",
        ),
        (
            {"Ulimits": [{"Name": "nofile", "SoftLimit": 2048, "HardLimit": 1024}]},
            "ulimit `nofile` of container `c0` is 2048 soft and 1024 hard",
        ),
    ],
)
def test_a_policy_or_ulimit_out_of_range_is_an_error(of_task, container, message):
    assert of_task(RANGES, container) == [("error", message)]


@pytest.mark.parametrize(
    "container",
    [
        {"RestartPolicy": {"Enabled": True, "RestartAttemptPeriod": 60, "IgnoredExitCodes": [*range(50)]}},
        {"RestartPolicy": {"RestartAttemptPeriod": {"Ref": "Open"}}},
        {"Ulimits": [{"Name": "nofile", "SoftLimit": 1024, "HardLimit": 1024}]},
        {"Ulimits": [{"Name": "nofile", "SoftLimit": 1024, "HardLimit": -1}]},
        {"Ulimits": [{"Name": "nofile", "SoftLimit": {"Ref": "Open"}, "HardLimit": 1}], "RestartPolicy": "always"},
    ],
)
def test_policies_and_ulimits_in_range_are_silent(of_task, container):
    assert of_task(RANGES, container) == []


@pytest.fixture
def on_platform(found):
    """What the rule finds on a service of a platform version."""

    def check(version, container=None, service=None, **properties):
        joined = {"TaskDefinition": {"Ref": "Task"}, "PlatformVersion": version, **(service or {})}
        resources = {
            "Task": definition(container or {}, **properties),
            "Service": {"Type": "AWS::ECS::Service", "Properties": joined},
        }
        return found(PLATFORM, resources, Parameters=PARAMETERS, Conditions=CONDITIONS)

    return check


JSON_KEY = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf:password::"


@pytest.mark.parametrize(
    ("service", "container", "properties", "what"),
    [
        ({"EnableExecuteCommand": True}, {}, {}, "ECS Exec"),
        ({}, {}, {"EphemeralStorage": {"SizeInGiB": 40}}, "ephemeral storage setting"),
        ({}, {}, {"PidMode": "task"}, "`pidMode`"),
        ({}, {}, {"Cpu": "8 vCPU"}, "tasks of more than 4 vCPU"),
        ({}, {}, {"Volumes": [{"Name": "v", "EFSVolumeConfiguration": {"FilesystemId": "fs-1"}}]}, "EFS volumes"),
        ({}, {"EnvironmentFiles": [{"Type": "s3", "Value": "arn"}]}, {}, "environment files"),
        ({}, {"Secrets": [{"Name": "A", "ValueFrom": JSON_KEY}]}, {}, "keys of secrets"),
    ],
)
def test_an_old_platform_version_below_a_newer_feature_is_an_error(on_platform, service, container, properties, what):
    findings = on_platform("1.3.0", container, service, **properties)
    assert findings == [("error", f"platform version 1.3.0 has no {what}")]


@pytest.mark.parametrize("version", ["1.4.0", "LATEST", {"Ref": "Open"}, None, "1.10.0"])
def test_new_and_unknown_platform_versions_are_silent(on_platform, version):
    assert on_platform(version, EphemeralStorage={"SizeInGiB": 40}) == []


def test_an_old_platform_version_that_suffices_is_silent(on_platform):
    plain = {"Secrets": [{"Name": "A", "ValueFrom": JSON_KEY.removesuffix(":password::") + ":::"}]}
    assert on_platform("1.3.0", plain, Cpu=4096) == []
    windows = {"OperatingSystemFamily": "WINDOWS_SERVER_2019_CORE"}
    assert on_platform("1.0.0", {}, {"EnableExecuteCommand": True}, RuntimePlatform=windows) == []


def test_a_task_definition_above_64_kib_is_an_error(of_task):
    environment = [{"Name": f"N{index}", "Value": "x" * 1000} for index in range(70)]
    findings = of_task(LARGE, {"Environment": environment})
    assert findings == [("error", "the task definition has at least 69 KiB, ECS takes 64")]


@pytest.mark.parametrize("value", ["x" * 900, {"Fn::If": ["A", "x" * 1000, {"Ref": "AWS::NoValue"}]}])
def test_a_task_definition_that_may_be_smaller_is_silent(of_task, value):
    environment = [{"Name": f"N{index}", "Value": value} for index in range(70)]
    assert of_task(LARGE, {"Environment": environment}) == []
