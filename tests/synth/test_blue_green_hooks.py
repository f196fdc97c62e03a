"""What a deployment waits for: which stage, which time-out, which function with which permissions."""

import importlib
import json

import aws_cdk as cdk
import pytest
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_

from roadworthy.patterns import (
    Approval,
    Before,
    Deployment,
    HealthGate,
    Hook,
    LifecycleStage,
    Migration,
    TickGuard,
    TimeoutAction,
)
from tests.synth.blue_green import configuration, hooks, http, variables
from tests.synth.patterns import findings, new_stack, synthesized, vpc
from tests.synth.template import ancestors, reference, text

pytestmark = pytest.mark.synth

ECS, ROLLBACK = "arn:aws:ecs", "ROLLBACK"


@pytest.fixture(scope="module")
def default():
    stack = new_stack()
    deployment = Deployment.blue_green(
        migration=Migration.run_task(["python", "-m", "app.migrate"]),
        health_gate=HealthGate(),
        tick=TickGuard.lease(),
        approval=Approval(before=Before.TRAFFIC, timeout=cdk.Duration.hours(4)),
        max_overlap=cdk.Duration.hours(5),
    )
    http(stack, deployment)
    return stack


@pytest.fixture(scope="module")
def template(default):
    return synthesized(default)


def allowed(template, role):
    """Action -> (resources, condition) of a role's statements, with partition, account and names written out."""
    names = {"AWS::Partition": "aws", "AWS::AccountId": "1"}
    found = {}
    for statement in template.statements(f"ServiceBlueGreen{role}Role"):
        resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        for action in actions:
            found[action] = ([_written(each, names) for each in resources], statement.get("Condition"))
    return found


def _written(value, names):
    if isinstance(value, str):
        return value
    if "Fn::Join" in value:
        separator, parts = value["Fn::Join"]
        return separator.join(_written(part, names) for part in parts)
    return names.get(reference(value), reference(value).rstrip("0123456789ABCDEF"))


def test_every_hook_has_its_stage_and_its_time_in_whole_minutes(template):
    found = {
        name: (hook["LifecycleStages"], hook["TimeoutConfiguration"]["TimeoutInMinutes"])
        for name, hook in hooks(template).items()
    }
    assert found == {
        "Migration": (["PRE_SCALE_UP"], 12),
        "HealthGate": (["POST_TEST_TRAFFIC_SHIFT"], 3),
        "TickGuard": (["PRE_PRODUCTION_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT"], 3),
        "PAUSE": (["POST_TEST_TRAFFIC_SHIFT"], 240),
    }
    assert {hook["TimeoutConfiguration"]["Action"] for hook in hooks(template).values()} == {ROLLBACK}


def test_ecs_calls_these_functions_by_their_exact_arns_with_a_role_that_has_nothing_else(template):
    (statement,) = template.statements("ServiceBlueGreenHookRole")
    called = [hook["HookTargetArn"] for hook in hooks(template).values() if "HookTargetArn" in hook]
    assert (statement["Action"], statement["Resource"]) == ("lambda:InvokeFunction", called)
    assert ":*" not in text(statement)
    pause = hooks(template)["PAUSE"]
    assert pause.keys() == {"TargetType", "LifecycleStages", "TimeoutConfiguration"}


def test_the_migration_may_run_this_task_in_this_cluster_and_no_other(template):
    may = allowed(template, "Migration")
    in_cluster = {"ArnEquals": {"ecs:cluster": {"Fn::GetAtt": [only(template, "AWS::ECS::Cluster"), "Arn"]}}}
    assert may["ecs:RunTask"] == ([f"{ECS}:eu-west-1:1:task-definition/api:*"], in_cluster)
    assert may["ecs:ListTasks"] == (["*"], in_cluster)
    assert may["ecs:StopTask"] == may["ecs:DescribeTasks"] == ([f"{ECS}:eu-west-1:1:task/ServiceCluster/*"], None)
    assert may["ecs:DescribeServiceRevisions"][0] == [
        f"{ECS}:eu-west-1:1:service/ServiceCluster/api",
        f"{ECS}:eu-west-1:1:service-revision/ServiceCluster/api/*",
    ]
    passed, condition = may["iam:PassRole"]
    assert [name.removesuffix("Role") for name in passed] == [
        "ServiceTaskDefinitionTask",
        "ServiceTaskDefinitionExecution",
    ]
    assert condition == {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}


def only(template, kind):
    (name,) = template.of_type(kind)
    return name


def test_the_migration_is_told_container_command_and_time(template):
    told = variables(template, "Migration")
    assert (told["CONTAINER"], told["TIMEOUT_SECONDS"]) == ("api", "600")
    assert json.loads(told["COMMAND"]) == ["python", "-m", "app.migrate"]


def test_the_gate_asks_the_test_listener_twelve_times_in_a_minute(template):
    told = variables(template, "HealthGate")
    assert told.pop("TEST_URL")["Fn::Join"][1][::2] == ["http://", ":9001"]
    assert told == {
        "HEALTH_PATH": "/health",
        "EXPECTED_CODES": "200",
        "TRIES": "12",
        "INTERVAL_SECONDS": "5",
        "SUCCESSES": "1",
        "VERIFY_TLS": "true",
    }


def test_the_gate_is_in_the_network_and_reaches_the_test_listener_alone(template):
    (gate,) = (
        properties
        for name, properties in template.of_type("AWS::Lambda::Function").items()
        if "BlueGreenHealthGate" in name
    )
    (group,) = gate["VpcConfig"]["SecurityGroupIds"]
    ways = template.of_type("AWS::EC2::SecurityGroupEgress").values()
    (way,) = (rule for rule in ways if rule["GroupId"] == group)
    assert (way["FromPort"], way["ToPort"]) == (9001, 9001)
    assert reference(way["DestinationSecurityGroupId"]).startswith("ServiceLoadBalancerSecurityGroup")
    assert not [action for action in allowed(template, "HealthGate") if action.startswith("ecs:")]


def test_the_other_functions_are_in_no_network(template):
    functions = template.of_type("AWS::Lambda::Function")
    assert [name for name in functions if "VpcConfig" in functions[name] and "BlueGreenHealthGate" not in name] == []


def test_the_guard_and_the_worker_share_one_item_of_the_lease_table(template):
    table = {"Ref": only(template, "AWS::DynamoDB::Table")}
    told = variables(template, "TickGuard")
    (definition,) = template.of_type("AWS::ECS::TaskDefinition").values()
    container = {each["Name"]: each["Value"] for each in definition["ContainerDefinitions"][0]["Environment"]}
    assert (told["MODE"], told["LEASE_TABLE"], container["TICK_LEASE_TABLE"]) == ("lease", table, table)
    assert told["LEASE_KEY"] == container["TICK_LEASE_KEY"]
    one_item = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [told["LEASE_KEY"]]}}
    guard = allowed(template, "TickGuard")
    assert guard["dynamodb:GetItem"][1] == guard["dynamodb:UpdateItem"][1] == one_item
    (worker,) = template.statements("ServiceTaskDefinitionTaskRole")
    assert (worker["Action"], worker["Condition"]) == ("dynamodb:UpdateItem", one_item)


def test_in_a_private_network_the_worker_reaches_the_table(template):
    endpoints = [text(each["ServiceName"]) for each in template.of_type("AWS::EC2::VPCEndpoint").values()]
    assert any("dynamodb" in name for name in endpoints)


def test_a_deadline_stops_deployments_of_this_service_alone(template):
    may = allowed(template, "Deadline")
    assert may["ecs:StopServiceDeployment"] == ([f"{ECS}:eu-west-1:1:service-deployment/ServiceCluster/api/*"], None)
    assert may["ecs:ListServiceDeployments"] == ([f"{ECS}:eu-west-1:1:service/ServiceCluster/api"], None)
    (schedules,) = may["scheduler:CreateSchedule"][0]
    assert schedules.endswith("/deadline-*")
    assert may["iam:PassRole"][1] == {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}}
    assert variables(template, "Deadline")["DEADLINE_SECONDS"] == "900"


def test_the_deadline_and_the_guard_hear_of_deployments_of_this_service(template):
    patterns = [rule["EventPattern"] for rule in template.of_type("AWS::Events::Rule").values()]
    assert len(patterns) == 2
    for pattern in patterns:
        assert (pattern["source"], pattern["detail-type"]) == (["aws.ecs"], ["ECS Deployment State Change"])
        assert [_written(each, {"AWS::Partition": "aws", "AWS::AccountId": "1"}) for each in pattern["resources"]] == [
            f"{ECS}:eu-west-1:1:service/ServiceCluster/api"
        ]


def test_all_of_it_is_made_before_the_service_and_nothing_waits_for_that(template):
    (service,) = template.of_type("AWS::ECS::Service")
    before = ancestors(template, service)
    assert {name for name in template.resources if "BlueGreen" in name} <= before
    assert service not in before


def test_our_own_rules_find_nothing(default):
    assert findings(default) == set()


def test_task_protection_takes_no_table_and_lets_the_task_protect_itself():
    stack = new_stack()
    http(stack, Deployment.blue_green(tick=TickGuard.task_protection()))
    template = synthesized(stack)
    assert template.of_type("AWS::DynamoDB::Table") == {}
    assert variables(template, "TickGuard")["MODE"] == "task-protection"
    (worker,) = template.statements("ServiceTaskDefinitionTaskRole")
    assert worker["Action"] == ["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"]
    assert "ecs:GetTaskProtection" in allowed(template, "TickGuard")
    assert findings(stack) == set()


def test_a_table_of_yours_is_taken_with_its_key():
    stack = new_stack()
    key = kms.Key(stack, "Key")
    attribute = dynamodb.Attribute(name="service", type=dynamodb.AttributeType.STRING)
    table = dynamodb.Table(stack, "Leases", partition_key=attribute, encryption_key=key)
    http(stack, Deployment.blue_green(tick=TickGuard.lease(table)))
    template = synthesized(stack)
    assert list(template.of_type("AWS::DynamoDB::Table")) == [stack.get_logical_id(table.node.default_child)]
    assert "kms:Decrypt" in text(template.statements("ServiceTaskDefinitionTaskRole"))


def test_a_function_of_yours_is_asked_with_its_details():
    stack = new_stack()
    code = lambda_.Code.from_inline("def handler(event, context): return {'hookStatus': 'SUCCEEDED'}")
    function = lambda_.Function(stack, "Own", runtime=lambda_.Runtime.PYTHON_3_14, handler="index.handler", code=code)
    own = Hook.function(
        function,
        LifecycleStage.POST_PRODUCTION_TRAFFIC_SHIFT,
        timeout=cdk.Duration.minutes(1),
        on_timeout=TimeoutAction.CONTINUE,
        details={"url": "https://api.example.com"},
    )
    http(stack, Deployment.blue_green(hooks=[own]))
    template = synthesized(stack)
    (hook,) = configuration(template)["LifecycleHooks"]
    assert reference(hook["HookTargetArn"]) == stack.get_logical_id(function.node.default_child)
    assert hook["LifecycleStages"] == ["POST_PRODUCTION_TRAFFIC_SHIFT"]
    assert hook["TimeoutConfiguration"] == {"TimeoutInMinutes": 1, "Action": "CONTINUE"}
    assert json.loads(hook["HookDetails"]) == {"url": "https://api.example.com"}


def test_steps_of_your_own_are_linear_ones_that_a_hook_holds():
    stack = new_stack()
    deployment = Deployment.steps([10, 50, 100], hold=cdk.Duration.seconds(30), max_overlap=cdk.Duration.minutes(6))
    http(stack, deployment)
    template = synthesized(stack)
    found = configuration(template)
    assert (found["Strategy"], found["LinearConfiguration"]) == (
        "LINEAR",
        {"StepPercent": 10, "StepBakeTimeInMinutes": 0},
    )
    told = {"STOPS": "10,50", "HOLD_SECONDS": "30", "POLL_SECONDS": "15"}
    assert variables(template, "Steps") == told
    assert hooks(template)["Steps"]["LifecycleStages"] == ["PRE_PRODUCTION_TRAFFIC_SHIFT"]
    assert not [action for action in allowed(template, "Steps") if not action.startswith(("xray:", "logs:"))]
    assert findings(stack) == set()


@pytest.mark.parametrize(
    ("steps", "strategy", "property", "values"),
    [
        ([10, 100], "CANARY", "CanaryConfiguration", {"CanaryPercent": 10, "CanaryBakeTimeInMinutes": 1}),
        ([40, 80, 100], "LINEAR", "LinearConfiguration", {"StepPercent": 40, "StepBakeTimeInMinutes": 1}),
        ([12.5, 50, 100], "LINEAR", "LinearConfiguration", {"StepPercent": 12.5, "StepBakeTimeInMinutes": 0}),
    ],
)
def test_steps_that_ecs_has_are_its_own(steps, strategy, property, values):
    stack = new_stack()
    http(stack, Deployment.steps(steps, max_overlap=None))
    found = configuration(synthesized(stack))
    assert (found["Strategy"], found[property]) == (strategy, values)


def test_canary_and_linear_hold_a_minute_by_default():
    stack, other = new_stack(), new_stack()
    http(stack, Deployment.canary())
    http(other, Deployment.linear(50))
    assert configuration(synthesized(stack))["CanaryConfiguration"] == {
        "CanaryPercent": 10,
        "CanaryBakeTimeInMinutes": 1,
    }
    assert configuration(synthesized(other))["LinearConfiguration"] == {"StepPercent": 50, "StepBakeTimeInMinutes": 1}


def test_without_a_deadline_nothing_listens_to_deployments():
    stack = new_stack()
    http(stack, Deployment.blue_green(deadline=None))
    template = synthesized(stack)
    assert template.of_type("AWS::Events::Rule") == template.of_type("AWS::Scheduler::ScheduleGroup") == {}


def test_in_any_vpc_the_gate_is_where_the_tasks_are():
    stack = new_stack()
    http(stack, Deployment.blue_green(health_gate=HealthGate()), network=vpc(stack))
    template = synthesized(stack)
    (gate,) = (each for each in template.of_type("AWS::Lambda::Function").values() if "VpcConfig" in each)
    service = template.only("AWS::ECS::Service")["NetworkConfiguration"]["AwsvpcConfiguration"]
    assert gate["VpcConfig"]["SubnetIds"] == service["Subnets"]
    assert findings(stack) == set()


def test_functions_of_a_service_with_a_long_name_have_names_that_lambda_takes():
    stack = new_stack()
    http(stack, Deployment.blue_green(health_gate=HealthGate()), name="a" * 60)
    names = [each["FunctionName"] for each in synthesized(stack).of_type("AWS::Lambda::Function").values()]
    assert all(len(name) <= 64 for name in names if isinstance(name, str))
    assert {name.rpartition("-deployment-")[2] for name in names} >= {"health-gate", "deadline"}


@pytest.mark.parametrize("function", ["Migration", "HealthGate", "TickGuard", "Deadline"])
def test_each_function_understands_what_it_is_told(template, function):
    told = variables(template, function)
    plain = {name: value if isinstance(value, str) else _plain(name) for name, value in told.items()}
    package = "deployment_" + "".join(f"_{c.lower()}" if c.isupper() else c for c in function).strip("_")
    settings, options = (importlib.import_module(name) for name in (f"{package}.settings", "deployment_hook.options"))
    assert settings.parse(options.Options(plain)) is not None


def _plain(name):
    return {"TEST_URL": "http://lb.example:9001", "SCHEDULER_ROLE_ARN": "arn:aws:iam::1:role/any"}.get(name, "any")
