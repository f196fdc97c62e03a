"""Cluster, task, service, load balancer: rows A1 to A4 and A11 of the requirements."""

import pytest

from tests.synth.conftest import IMAGE_TAG
from tests.synth.template import Template, ancestors, reference, text

pytestmark = pytest.mark.synth


@pytest.fixture(scope="module")
def container(template: Template) -> dict:
    (container,) = template.only("AWS::ECS::TaskDefinition")["ContainerDefinitions"]
    return container


def test_the_cluster_has_its_name_and_container_insights(template):
    cluster = template.only("AWS::ECS::Cluster", ClusterName="query-service-cluster")
    assert cluster["ClusterSettings"] == [{"Name": "containerInsights", "Value": "enabled"}]


def test_the_task_is_a_fargate_task_of_256_cpu_units_and_512_mib(template):
    task = template.only("AWS::ECS::TaskDefinition", Family="query-service")
    assert (task["Cpu"], task["Memory"], task["NetworkMode"]) == ("256", "512", "awsvpc")
    assert task["RequiresCompatibilities"] == ["FARGATE"]


def test_the_container_listens_on_8000_tcp(container):
    assert container["Name"] == "ecs-handler"
    assert container["PortMappings"] == [{"ContainerPort": 8000, "Protocol": "tcp"}]


def test_the_container_has_exactly_its_four_variables(container, template):
    variables = {variable["Name"]: variable["Value"] for variable in container["Environment"]}
    assert variables.keys() == {"ENVIRONMENT", "INTERNAL_API_URL", "REQUEST_TIMEOUT", "AWS_DEFAULT_REGION"}
    assert (variables["ENVIRONMENT"], variables["REQUEST_TIMEOUT"]) == ("stage", "30")
    assert variables["AWS_DEFAULT_REGION"] == "ap-southeast-1"
    assert variables["INTERNAL_API_URL"] == template.outputs["InternalApiUrl"]["Value"]
    assert '"https://", {"Ref": "InternalApi' in text(variables["INTERNAL_API_URL"])


def test_logs_go_to_a_retained_group_with_the_stream_prefix_ecs(container, template):
    options = container["LogConfiguration"]["Options"]
    group = template.of_type("AWS::Logs::LogGroup")[reference(options["awslogs-group"])]
    assert (group["LogGroupName"], group["RetentionInDays"]) == ("/ecs/query-service", 30)
    assert (container["LogConfiguration"]["LogDriver"], options["awslogs-stream-prefix"]) == ("awslogs", "ecs")


def test_the_container_and_the_target_group_check_the_same_path_and_port(container, template):
    target_group = template.only("AWS::ElasticLoadBalancingV2::TargetGroup")
    assert "http://127.0.0.1:8000/health'" in container["HealthCheck"]["Command"][-1]
    assert (target_group["HealthCheckPath"], target_group["HealthCheckPort"]) == ("/health", "8000")
    assert target_group["TargetType"] == "ip"


def test_the_image_is_pinned_to_the_tag_of_the_context(container):
    assert text(container["Image"]).endswith(f'/query-service:{IMAGE_TAG}"]]}}')


def test_an_image_digest_of_the_context_is_used(synthesize):
    digest = "sha256:" + "0a" * 32
    (container,) = synthesize(image_digest=digest).only("AWS::ECS::TaskDefinition")["ContainerDefinitions"]
    assert text(container["Image"]).endswith(f'/query-service@{digest}"]]}}')


def test_the_root_file_system_is_read_only(container):
    assert container["ReadonlyRootFilesystem"] is True


def test_the_service_keeps_two_tasks_or_more_without_public_addresses(template):
    service = template.only("AWS::ECS::Service", ServiceName="query-service")
    network = service["NetworkConfiguration"]["AwsvpcConfiguration"]
    scaled = template.only("AWS::ApplicationAutoScaling::ScalableTarget")
    assert (scaled["MinCapacity"], scaled["MaxCapacity"], service["LaunchType"]) == (2, 10, "FARGATE")
    assert "DesiredCount" not in service  # it would undo what scaling chose with every deployment
    assert network["AssignPublicIp"] == "DISABLED"
    assert {reference(subnet) for subnet in network["Subnets"]} == template.of_type("AWS::EC2::Subnet").keys()


def test_the_load_balancer_sends_to_port_8000_of_the_container(template):
    (balanced,) = template.only("AWS::ECS::Service")["LoadBalancers"]
    assert (balanced["ContainerName"], balanced["ContainerPort"]) == ("ecs-handler", 8000)


def test_a_failed_deployment_is_rolled_back_by_the_circuit_breaker(template):
    deployment = template.only("AWS::ECS::Service")["DeploymentConfiguration"]
    assert deployment["DeploymentCircuitBreaker"] == {"Enable": True, "Rollback": True}
    assert (deployment["MinimumHealthyPercent"], deployment["MaximumPercent"]) == (100, 200)


def test_the_service_waits_for_the_listener_and_the_execution_roles_policy(template):
    before = template.resource("AWS::ECS::Service")["DependsOn"]
    policies = [name for name in template.of_type("AWS::IAM::Policy") if "ExecutionRole" in name]
    assert {*template.of_type("AWS::ElasticLoadBalancingV2::Listener"), *policies} <= set(before)
    assert policies


def test_the_service_waits_for_every_endpoint(template):
    assert template.of_type("AWS::EC2::VPCEndpoint").keys() <= set(template.resource("AWS::ECS::Service")["DependsOn"])


def test_a_stopped_task_drains_as_long_as_it_may_take_to_stop(container, template):
    attributes = template.only("AWS::ElasticLoadBalancingV2::TargetGroup")["TargetGroupAttributes"]
    assert {"Key": "deregistration_delay.timeout_seconds", "Value": "30"} in attributes
    assert container["StopTimeout"] == 30


def test_tasks_scale_between_two_and_ten_on_cpu_and_memory(template):
    target = template.only("AWS::ApplicationAutoScaling::ScalableTarget")
    policies = template.of_type("AWS::ApplicationAutoScaling::ScalingPolicy").values()
    tracked = {
        policy["TargetTrackingScalingPolicyConfiguration"]["PredefinedMetricSpecification"]["PredefinedMetricType"]
        for policy in policies
    }
    assert (target["MinCapacity"], target["MaxCapacity"]) == (2, 10)
    assert tracked == {"ECSServiceAverageCPUUtilization", "ECSServiceAverageMemoryUtilization"}


def test_the_load_balancer_is_internal_and_logs(template):
    balancer = template.only("AWS::ElasticLoadBalancingV2::LoadBalancer")
    attributes = {attribute["Key"]: attribute["Value"] for attribute in balancer["LoadBalancerAttributes"]}
    assert balancer["Scheme"] == "internal"
    assert attributes["access_logs.s3.enabled"] == "true"
    assert attributes["routing.http.drop_invalid_header_fields.enabled"] == "true"


def test_the_repository_is_a_stack_of_its_own_with_immutable_scanned_tags(synthesize):
    repository = synthesize("ImageRepositoryStack").only("AWS::ECR::Repository", RepositoryName="query-service")
    assert repository["ImageTagMutability"] == "IMMUTABLE"
    assert repository["ImageScanningConfiguration"] == {"ScanOnPush": True}


def test_what_takes_minutes_or_cannot_be_rolled_back_waits_for_the_image(template):
    (gate,) = template.of_type("Custom::ImageGate")
    for kind in (
        "EC2::VPC",
        "DynamoDB::Table",
        "ApiGateway::Account",
        "ECS::Service",
        "ElasticLoadBalancingV2::LoadBalancer",
    ):
        for name in template.of_type(f"AWS::{kind}"):
            assert gate in ancestors(template, name), name
    assert template.of_type("Custom::ImageGate")[gate]["ImageTag"] == IMAGE_TAG
