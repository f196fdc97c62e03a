"""What the constructs grant to operators."""

import dataclasses
import json
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_ssm as ssm
from cdk_nag import AwsSolutionsChecks

from roadworthy.operations.permissions import UnknownVerbError
from roadworthy.patterns import (
    HealthCheck,
    HttpService,
    OperatorPolicy,
    SingletonService,
    TcpService,
    WorkerService,
    grant_operate,
    operate_statements,
)
from roadworthy.patterns.operate import READING_VERBS
from tests.synth.patterns import new_stack, options, synthesized
from tests.synth.template import Template, text

pytestmark = pytest.mark.synth


@dataclasses.dataclass(frozen=True)
class Worker:
    """A service of one's own: nothing of the patterns."""

    service: ecs.FargateService
    log_group: logs.LogGroup


def worker(stack: cdk.Stack, name: str | None = "worker") -> Worker:
    log_group = logs.LogGroup(stack, "Logs")
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=["a"],
        private_subnet_ids=["subnet-0123456789abcdef0"],
    )
    task = ecs.FargateTaskDefinition(stack, "Task")
    task.add_container(
        "worker",
        image=ecs.ContainerImage.from_registry("public.ecr.aws/shop/worker:1.2"),
        logging=ecs.LogDrivers.aws_logs(log_group=log_group, stream_prefix="ecs"),
    )
    insights = ecs.ContainerInsights.ENABLED
    cluster = ecs.Cluster(stack, "Cluster", vpc=vpc, cluster_name="shop", container_insights_v2=insights)
    service = ecs.FargateService(
        stack, "Service", service_name=name, cluster=cluster, task_definition=task, min_healthy_percent=100
    )
    return Worker(service, log_group)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A policy for operators and a role for those on call; cdk-nag would end the synthesis."""
    app = cdk.App(outdir=str(tmp_path_factory.mktemp("operate")))
    stack = cdk.Stack(app, "Stage")
    service = worker(stack)
    repository = ecr.Repository.from_repository_name(stack, "Repository", "worker")
    OperatorPolicy(stack, "Operators", service=service, repositories=[repository])
    role = iam.Role(stack, "OnCall", assumed_by=iam.AccountRootPrincipal())
    grant_operate(service, role, verbs=READING_VERBS)
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    document = json.loads((Path(app.synth().directory) / "Stage.template.json").read_text())
    return Template(document["Resources"], {})


def test_operators_may_do_what_the_verbs_need_on_this_service(template):
    policy = template.only("AWS::IAM::ManagedPolicy")["PolicyDocument"]
    by_name = {statement["Sid"]: statement for statement in policy["Statement"]}
    assert "ecs:UpdateService" in by_name["Service"]["Action"]
    assert by_name["Service"]["Resource"]["Fn::Join"][1][-3:] == [":service/", {"Ref": "ClusterEB0386A7"}, "/worker"]
    assert by_name["LogGroups"]["Action"] == ["logs:FilterLogEvents", "logs:GetLogEvents"]


@pytest.mark.parametrize("pattern", [HttpService, WorkerService, SingletonService, TcpService])
def test_every_pattern_grants_what_its_operators_need_on_it_and_its_image(pattern):
    stack = new_stack()
    needed = {HttpService: {"port": 80, "health_check": HealthCheck.http("/")}, TcpService: {"port": 6432}}
    service = pattern(stack, "Service", **options(stack, **needed.get(pattern, {})))
    service.grant_operate(iam.Role(stack, "OnCall", assumed_by=iam.AccountRootPrincipal()))
    by_name = {statement["Sid"]: statement for statement in synthesized(stack).statements("OnCall")}
    assert "ecs:UpdateService" in by_name["Service"]["Action"]
    assert by_name["Service"]["Resource"]["Fn::Join"][1][-1] == "/api"
    assert by_name["Repositories"]["Resource"]["Fn::Join"][1][-1] == ":repository/api"
    assert text(by_name["LogGroups"]["Resource"]).count('"Ref": "ServiceLogs') == 1
    assert len(by_name["Roles"]["Resource"]) == 2


def test_operators_may_look_whether_the_containers_secrets_and_parameters_are_there():
    stack = new_stack()
    own = secretsmanager.Secret(stack, "Own")
    named = secretsmanager.Secret.from_secret_name_v2(stack, "Named", "shop/db")
    url = ssm.StringParameter.from_string_parameter_name(stack, "Url", "/shop/url")
    secrets = {
        "PASSWORD": ecs.Secret.from_secrets_manager(own, "password"),
        "USER": ecs.Secret.from_secrets_manager(own, "user"),
        "DB": ecs.Secret.from_secrets_manager(named),
        "URL": ecs.Secret.from_ssm_parameter(url),
    }
    service = WorkerService(stack, "Service", **options(stack, secrets=secrets))
    service.grant_operate(iam.Role(stack, "OnCall", assumed_by=iam.AccountRootPrincipal()), verbs=["deploy"])
    by_name = {statement["Sid"]: statement for statement in synthesized(stack).statements("OnCall")}
    own_arn, named_arn = by_name["Secrets"]["Resource"]
    assert own_arn["Ref"].startswith("Own")
    assert named_arn["Fn::Join"][1][-1] == ":secret:shop/db-??????"
    assert by_name["Parameters"]["Resource"]["Fn::Join"][1][-1] == ":parameter/shop/url"


def test_a_secret_by_its_whole_arn_is_granted_whether_the_end_is_its_names_or_not():
    stack = new_stack()
    arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"
    secret = ecs.Secret.from_secrets_manager(secretsmanager.Secret.from_secret_complete_arn(stack, "Db", arn), "user")
    service = WorkerService(stack, "Service", **options(stack, secrets={"USER": secret}))
    (found,) = [each for each in operate_statements(service, verbs=["deploy"]) if each.sid == "Secrets"]
    assert found.resources == [arn, f"{arn}-??????"]


def test_cdk_nag_accepts_what_an_imported_role_is_granted(tmp_path):
    app = cdk.App(outdir=str(tmp_path))
    stack = new_stack(app, "Stage")
    role = iam.Role.from_role_arn(stack, "OnCall", "arn:aws:iam::111122223333:role/on-call")
    WorkerService(stack, "Service", **options(stack)).grant_operate(role)
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    template = Template(json.loads((Path(app.synth().directory) / "Stage.template.json").read_text())["Resources"], {})
    (policy,) = [one for name, one in template.of_type("AWS::IAM::Policy").items() if name.startswith("OnCall")]
    assert policy["Roles"] == ["on-call"]


def test_a_grant_is_as_narrow_as_the_verbs_that_were_asked_for():
    stack = new_stack()
    role = iam.Role(stack, "OnCall", assumed_by=iam.AccountRootPrincipal())
    WorkerService(stack, "Service", **options(stack)).grant_operate(role, verbs=["logs"], repositories=[])
    actions = [statement["Action"] for statement in synthesized(stack).statements("OnCall")]
    assert sorted(actions) == ["ecs:DescribeServices", "ecs:DescribeTaskDefinition", "logs:FilterLogEvents"]


def test_a_verb_that_the_command_line_lacks_is_refused():
    stack = new_stack()
    role = iam.Role(stack, "OnCall", assumed_by=iam.AccountRootPrincipal())
    with pytest.raises(UnknownVerbError, match="verb 'reboot' is none of list, status"):
        WorkerService(stack, "Service", **options(stack)).grant_operate(role, verbs=["reboot"])


def test_those_who_read_get_nothing_that_changes(template):
    actions = text([statement["Action"] for statement in template.statements("OnCall")])
    assert "ecs:ListServices" in actions
    assert "ecs:UpdateService" not in actions
    assert "iam:PassRole" not in actions
