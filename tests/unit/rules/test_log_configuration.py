import copy

import pytest

from tests.unit.rules.permissions import PARAMETERS, allow, on_fargate, role

OPTIONS = {"awslogs-group": "/ecs/api", "awslogs-region": {"Ref": "AWS::Region"}, "awslogs-stream-prefix": "api"}
CONDITIONS = {"A": {"Fn::Equals": [{"Ref": "Open"}, "a"]}}
STANDARD = role(ManagedPolicyArns=["arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"])


def logging(options, driver="awslogs"):
    return {"LogDriver": driver, "Options": options}


def without(*names):
    return {name: value for name, value in OPTIONS.items() if name not in names}


@pytest.mark.parametrize("option", ["awslogs-group", "awslogs-region"])
def test_group_and_region_are_required_everywhere(found, task, option):
    message = f"container `api` logs with `awslogs` without `{option}`"
    resources = task(LogConfiguration=logging(without(option)))
    assert found("awslogs-options", resources) == [("error", message)]


def test_a_stream_prefix_is_required_on_fargate_only(found, task):
    options = logging(without("awslogs-stream-prefix"))
    message = "container `api` logs with `awslogs` without `awslogs-stream-prefix`, which Fargate requires"
    assert found("awslogs-options", on_fargate(STANDARD, LogConfiguration=options)) == [("error", message)]
    assert found("awslogs-options", task(LogConfiguration=options)) == []


def test_no_options_at_all_lack_both(found, task):
    start = "container `api` logs with `awslogs` without"
    findings = found("awslogs-options", task(LogConfiguration={"LogDriver": "awslogs"}))
    assert findings == [("error", f"{start} `awslogs-group`"), ("error", f"{start} `awslogs-region`")]


def test_two_options_exclude_each_other(found, task):
    options = {**OPTIONS, "awslogs-datetime-format": "%Y", "awslogs-multiline-pattern": "^x"}
    message = "container `api` sets both `awslogs-datetime-format` and `awslogs-multiline-pattern`"
    assert found("awslogs-options", task(LogConfiguration=logging(options))) == [("warning", message)]


COMPLETE = {
    "all": logging(OPTIONS),
    "open values": logging({name: {"Ref": "Open"} for name in OPTIONS}),
    "unknown options": logging({"Ref": "Open"}),
    "a macro": logging({"Fn::Transform": {}}),
    "either": logging({"Fn::If": ["A", OPTIONS, {**OPTIONS, "mode": "non-blocking"}]}),
    "another driver": logging({}, "splunk"),
    "an unknown driver": logging({}, {"Ref": "Open"}),
    "no configuration": {"Ref": "AWS::NoValue"},
}


@pytest.mark.parametrize("case", COMPLETE)
def test_complete_and_unknown_options_are_silent(found, case):
    resources = on_fargate(STANDARD, LogConfiguration=COMPLETE[case])
    assert found("awslogs-options", resources, Parameters=PARAMETERS, Conditions=CONDITIONS) == []


@pytest.mark.parametrize("driver", ["json-file", "syslog", "fluentd"])
def test_fargate_has_three_drivers(found, task, driver):
    message = f"container `api` logs with `{driver}`, which Fargate does not support"
    configuration = {"LogDriver": driver}
    assert found("log-driver-unsupported", on_fargate(STANDARD, LogConfiguration=configuration)) == [("error", message)]
    assert found("log-driver-unsupported", task(LogConfiguration=configuration)) == []


@pytest.mark.parametrize("driver", ["awslogs", "splunk", "awsfirelens", {"Ref": "Open"}])
def test_the_three_drivers_and_unknown_ones_are_silent(found, driver):
    resources = on_fargate(STANDARD, LogConfiguration={"LogDriver": driver})
    assert found("log-driver-unsupported", resources, Parameters=PARAMETERS) == []


def with_group(name):
    return {**OPTIONS, "awslogs-group": name}


def serving(group, options=OPTIONS, **service):
    resources = on_fargate(STANDARD, LogConfiguration=logging(options))
    resources["Logs"] = {"Type": "AWS::Logs::LogGroup", "Properties": group}
    properties = {"TaskDefinition": {"Ref": "Task"}}
    return {**resources, "Service": {"Type": "AWS::ECS::Service", "Properties": properties, **service}}


def test_a_declared_group_that_is_named_in_plain_text_is_a_race(found):
    message = "container `api` logs to `/ecs/api`, which is log group `Logs`; service `Service` does not wait for it"
    assert found("log-group-missing", serving({"LogGroupName": "/ecs/api"})) == [("warning", message)]


OF_STACK = {"Fn::Sub": "/ecs/${AWS::StackName}"}


def test_names_are_compared_with_their_references(found):
    message = (
        "container `api` logs to `/ecs/${AWS::StackName}`, which is log group `Logs`; "
        "service `Service` does not wait for it"
    )
    resources = serving(
        {"LogGroupName": {"Fn::Join": ["/", ["", "ecs", {"Ref": "AWS::StackName"}]]}}, with_group(OF_STACK)
    )
    assert found("log-group-missing", resources) == [("warning", message)]


def test_a_group_with_the_stacks_name_is_made_by_the_stack(found):
    what = "a group with the stack's name, which the stack does not create"
    message = f"container `api` logs to `/ecs/${{AWS::StackName}}`, {what}"
    assert found("log-group-missing", serving({}, with_group(OF_STACK))) == [("warning", message)]


def test_a_logical_id_in_plain_text_is_no_group(found):
    message = "container `api` logs to `Logs`, which is the logical id of a log group, not its name"
    assert found("log-group-missing", serving({}, {**OPTIONS, "awslogs-group": "Logs"})) == [("error", message)]


@pytest.mark.parametrize("group", [{"LogGroupName": "/ecs/other"}, {}])
def test_a_group_that_is_not_among_those_of_the_template_may_be_missing(found, group):
    message = "container `api` logs to `/ecs/api`, a group that the template does not declare among its others"
    assert found("log-group-missing", serving(group)) == [("warning", message)]


def test_a_group_that_cdk_names_was_imported(found):
    resources = serving({})
    resources["Service"]["Metadata"] = {"aws:cdk:path": "Stack/Service/Service"}
    assert found("log-group-missing", resources) == []


WAITING = {
    "by reference": serving({"LogGroupName": "/ecs/api"}, {**OPTIONS, "awslogs-group": {"Ref": "Logs"}}),
    "by DependsOn": serving({"LogGroupName": "/ecs/api"}, DependsOn="Logs"),
    "created by ECS": serving({"LogGroupName": "/ecs/api"}, {**OPTIONS, "awslogs-create-group": "true"}),
    "an open name": serving({"LogGroupName": {"Ref": "Open"}}),
    "an unknown name": serving({"LogGroupName": {"Fn::ImportValue": "x"}}, with_group(OF_STACK)),
    "an open name beside others": serving({"LogGroupName": {"Fn::Sub": "/ecs/${Open}"}}, with_group("/ecs/elsewhere")),
}


@pytest.mark.parametrize("case", WAITING)
def test_groups_that_are_waited_for_or_unknown_are_silent(found, case):
    assert found("log-group-missing", WAITING[case], Parameters=PARAMETERS) == []


CREATING = {**OPTIONS, "awslogs-create-group": "true"}


def test_the_managed_policy_does_not_create_groups(found):
    message = (
        "container `api` asks ECS to create its log group, but execution role `Role` has no permission "
        "`logs:CreateLogGroup`"
    )
    resources = on_fargate(STANDARD, LogConfiguration=logging(CREATING))
    assert found("log-group-create-permission", resources) == [("error", message)]


CREATED = {
    "allowed": (role(allow("logs:*")), CREATING),
    "not asked": (STANDARD, {**OPTIONS, "awslogs-create-group": "false"}),
    "unknown": (role(ManagedPolicyArns=[{"Ref": "Open"}]), CREATING),
    "a group of the template": (STANDARD, {**CREATING, "awslogs-group": {"Ref": "Logs"}}),
    "its name": (STANDARD, {**CREATING, "awslogs-group": {"Fn::Sub": "/ecs/${Open}/declared"}}),
}


@pytest.mark.parametrize("case", CREATED)
def test_groups_that_can_be_created_or_exist_are_silent(found, case):
    execution_role, options = CREATED[case]
    name = {"Fn::Sub": "/ecs/${Open}/declared"}
    group = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": name}}
    resources = on_fargate(execution_role, {"Logs": group}, LogConfiguration=logging(options))
    assert found("log-group-create-permission", resources, Parameters=PARAMETERS) == []


def in_region(region, zone=None):
    resources = serving({}, {**OPTIONS, "awslogs-group": {"Ref": "Logs"}, "awslogs-region": region})
    subnet = {"Type": "AWS::EC2::Subnet", "Properties": {"AvailabilityZone": zone}}
    return {**resources, "Subnet": subnet} if zone else copy.deepcopy(resources)


def test_a_group_of_this_stack_is_in_its_region(found):
    start = "container `api` logs to `Logs` of this stack in region `eu-west-1`; "
    unknown = found("log-region-mismatch", in_region("eu-west-1"))
    other = found("log-region-mismatch", in_region("eu-west-1", "us-east-1b"))
    assert unknown == [("warning", start + "the stack can be in another region")]
    assert other == [("warning", start + "this stack's is `us-east-1`")]


@pytest.mark.parametrize("region", [{"Ref": "AWS::Region"}, {"Ref": "Open"}, "us-east-1"])
def test_the_stacks_region_and_unknown_ones_are_silent(found, region):
    assert found("log-region-mismatch", in_region(region, "us-east-1b"), Parameters=PARAMETERS) == []


def test_a_region_that_cdk_wrote_out_is_silent_unless_the_stack_can_go_elsewhere(found):
    of_cdk = {**in_region("eu-west-1"), "CDKMetadata": {"Type": "AWS::CDK::Metadata"}}
    anywhere = {**of_cdk, "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Ref": "AWS::Region"}}}}
    assert found("log-region-mismatch", of_cdk) == []
    assert [severity for severity, _ in found("log-region-mismatch", anywhere)] == ["warning"]


PLACEHOLDERS = [
    "{{ must_env `D` }}",
    "${DRIVER}",
    "$DRIVER",
    "<DRIVER>",
    "%DRIVER%",
    "__DRIVER__",
    "#{DRIVER}#",
    "[DRIVER]",
]


@pytest.mark.parametrize("driver", PLACEHOLDERS)
def test_a_driver_that_a_pipeline_has_yet_to_put_in_is_unknown(found, driver):
    assert found("log-driver-unsupported", on_fargate(STANDARD, LogConfiguration=logging({}, "syslog"))) != []
    assert found("log-driver-unsupported", on_fargate(STANDARD, LogConfiguration=logging({}, driver))) == []


def encrypted(*statements):
    key = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Statement": list(statements)}}}
    group = {"Type": "AWS::Logs::LogGroup", "Properties": {"KmsKeyId": {"Fn::GetAtt": ["Key", "Arn"]}}}
    return {"Key": key, "Logs": group}


ROOT = {**allow("kms:*"), "Principal": {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}}


def test_a_key_for_logs_names_the_service(found):
    message = "log group `Logs` is encrypted with key `Key`, whose policy does not let CloudWatch Logs use it"
    assert found("log-kms-policy", encrypted(ROOT)) == [("error", message)]


PRINCIPALS = {
    "the region's": {"Service": {"Fn::Sub": "logs.${AWS::Region}.amazonaws.com"}},
    "of all": {"Service": ["lambda.amazonaws.com", "logs.amazonaws.com"]},
    "everybody": "*",
    "unknown": {"Service": {"Ref": "Open"}},
}


@pytest.mark.parametrize("case", PRINCIPALS)
def test_a_key_that_may_be_for_logs_is_silent(found, case):
    statement = {**allow("kms:Decrypt*"), "Principal": PRINCIPALS[case]}
    assert found("log-kms-policy", encrypted(ROOT, statement), Parameters=PARAMETERS) == []


def test_a_key_with_an_unknown_policy_is_silent(found):
    resources = encrypted()
    resources["Key"]["Properties"]["KeyPolicy"] = {"Ref": "Open"}
    assert found("log-kms-policy", resources, Parameters=PARAMETERS) == []
