"""HTTP services: internal or public, on a load balancer of their own or a shared listener."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_servicediscovery as servicediscovery

from roadworthy.patterns import (
    HealthCheck,
    HttpService,
    InvalidHealthCheckError,
    InvalidListenerError,
    InvalidNetworkError,
    InvalidServiceError,
    InvalidTimeoutError,
    Route,
    Scaling,
    WorkerService,
)
from tests.synth.patterns import CERTIFICATE, findings, new_stack, options, synthesized, vpc
from tests.synth.template import ancestors, text

pytestmark = pytest.mark.synth

ELB = "AWS::ElasticLoadBalancingV2"


def http(stack, id="Service", **more):
    taken = {"port": 8000, "health_check": HealthCheck.http("/health"), **options(stack, **more)}
    return HttpService(stack, id, **taken)


def certificate(stack):
    return acm.Certificate.from_certificate_arn(stack, "Certificate", CERTIFICATE)


def attributes(properties, of="LoadBalancerAttributes"):
    return {each["Key"]: each["Value"] for each in properties[of]}


@pytest.fixture(scope="module")
def public():
    stack = new_stack()
    taken = options(stack, network=vpc(stack))
    web = HttpService(
        stack,
        "Web",
        port=8000,
        health_check=HealthCheck.http("/health", port=9000),
        public=True,
        certificate=certificate(stack),
        domain_name="shop.example.com",
        idle_timeout=cdk.Duration.minutes(10),
        stickiness=cdk.Duration.hours(1),
        deletion_protection=True,
        **taken,
    )
    HttpService(
        stack,
        "Gateway",
        port=50051,
        health_check=HealthCheck.grpc(probe=None),
        listener=web.listener,
        route=Route(priority=10, hosts=["grpc.example.com"], paths=["/shop.*"]),
        cluster=web.cluster,
        scaling=Scaling(requests_per_target=500),
        **{**taken, "name": "gateway"},
    )
    assert web.url == "https://shop.example.com"
    return stack


def test_a_public_load_balancer_is_in_public_subnets_and_its_tasks_are_not(public):
    template = synthesized(public)
    balancer = template.only(f"{ELB}::LoadBalancer")
    tasks = template.only("AWS::ECS::Service", ServiceName="api")["NetworkConfiguration"]["AwsvpcConfiguration"]
    assert balancer["Scheme"] == "internet-facing"
    assert "PublicSubnet" in text(balancer["Subnets"])
    assert "PublicSubnet" not in text(tasks["Subnets"])
    assert tasks["AssignPublicIp"] == "DISABLED"


def test_http_is_redirected_to_https(public):
    template = synthesized(public)
    secure, plain = (template.only(f"{ELB}::Listener", Port=port) for port in (443, 80))
    (action,) = plain["DefaultActions"]
    assert (secure["Protocol"], secure["Certificates"]) == ("HTTPS", [{"CertificateArn": CERTIFICATE}])
    assert "TLS13" in secure["SslPolicy"]
    assert action["RedirectConfig"] == {"Port": "443", "Protocol": "HTTPS", "StatusCode": "HTTP_301"}


def test_websockets_may_be_silent_and_stay_with_their_task(public):
    template = synthesized(public)
    group = template.only(f"{ELB}::TargetGroup", Port=8000)
    assert attributes(template.only(f"{ELB}::LoadBalancer"))["idle_timeout.timeout_seconds"] == "600"
    assert attributes(group, "TargetGroupAttributes")["stickiness.lb_cookie.duration_seconds"] == "3600"


def test_the_load_balancer_may_be_protected(public):
    balancer = synthesized(public).only(f"{ELB}::LoadBalancer")
    assert attributes(balancer)["deletion_protection.enabled"] == "true"


def test_a_shared_listener_gets_a_rule_and_a_grpc_target_group(public):
    template = synthesized(public)
    rule, group = template.only(f"{ELB}::ListenerRule"), template.only(f"{ELB}::TargetGroup", Port=50051)
    host, path = rule["Conditions"]
    assert (host["HostHeaderConfig"]["Values"], path["PathPatternConfig"]["Values"]) == (
        ["grpc.example.com"],
        ["/shop.*"],
    )
    assert rule["Priority"] == 10
    assert (group["ProtocolVersion"], group["Matcher"]) == ("GRPC", {"GrpcCode": "0"})


def test_the_rule_is_there_before_the_service(public):
    template = synthesized(public)
    service = next(name for name in template.of_type("AWS::ECS::Service") if name.startswith("Gateway"))
    assert template.of_type(f"{ELB}::ListenerRule").keys() <= ancestors(template, service)


def test_the_load_balancer_reaches_traffic_and_health_ports_of_both_services(public):
    rules = synthesized(public).of_type("AWS::EC2::SecurityGroupIngress").values()
    assert {rule["FromPort"] for rule in rules} == {8000, 9000, 50051}


def test_our_own_rules_find_nothing_in_public_and_shared(public):
    assert findings(public) == set()


@pytest.fixture(scope="module")
def default():
    stack = new_stack()
    http(stack)
    return stack


def test_an_internal_service_lets_nobody_in(default):
    template = synthesized(default)
    balancer = template.only(f"{ELB}::LoadBalancer")
    assert (balancer["Scheme"], template.only(f"{ELB}::Listener")["Port"]) == ("internal", 80)
    assert "0.0.0.0/0" not in text(template.of_type("AWS::EC2::SecurityGroupIngress"))
    assert not any("SecurityGroupIngress" in each for each in template.of_type("AWS::EC2::SecurityGroup").values())


def test_our_own_rules_find_nothing_in_the_default(default):
    assert findings(default) == set()


def test_a_long_request_is_not_cut_by_a_silent_connection():
    stack = new_stack()
    http(stack, longest_request=cdk.Duration.seconds(90))
    template = synthesized(stack)
    group = template.only(f"{ELB}::TargetGroup")
    assert attributes(template.only(f"{ELB}::LoadBalancer"))["idle_timeout.timeout_seconds"] == "91"
    assert attributes(group, "TargetGroupAttributes")["deregistration_delay.timeout_seconds"] == "90"
    assert findings(stack) == set()


def test_a_name_that_no_load_balancer_can_have_is_the_services_alone():
    stack = new_stack()
    http(stack, name="commerce_backend")
    template = synthesized(stack)
    assert template.only("AWS::ECS::Service")["ServiceName"] == "commerce_backend"
    assert "Name" not in template.only(f"{ELB}::LoadBalancer")


def test_access_logs_go_where_they_are_sent():
    stack = new_stack()
    http(stack, access_logs=s3.Bucket(stack, "Logs"))
    template = synthesized(stack)
    (bucket,) = template.of_type("AWS::S3::Bucket")
    assert attributes(template.only(f"{ELB}::LoadBalancer"))["access_logs.s3.bucket"] == {"Ref": bucket}


def test_in_a_namespace_it_is_found_as_http_by_its_name():
    stack = new_stack()
    service = http(stack, namespace=servicediscovery.HttpNamespace(stack, "Namespace", name="shop"))
    client = WorkerService(stack, "Client", **options(stack, network=stack.node.find_child("Network"), name="client"))
    service.allow_from(client)
    template = synthesized(stack)
    container = template.only("AWS::ECS::TaskDefinition", Family="api")["ContainerDefinitions"][0]
    (port,) = container["PortMappings"]
    assert (port["Name"], port["AppProtocol"], port["ContainerPort"]) == ("api", "http", 8000)
    assert findings(stack) == set()


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"public": True}, InvalidListenerError, "public = True needs a certificate"),
        ({"route": Route(priority=1, paths=["/"])}, InvalidListenerError, "route needs listener"),
        ({"route": "/"}, InvalidListenerError, "route = '/' is no Route"),
        ({"port": 0}, InvalidServiceError, r"port = 0 is not in 1\.\.65535"),
        ({"port": "8000"}, InvalidServiceError, "port = '8000' is not a whole number"),
        ({"health_check": "/health"}, InvalidHealthCheckError, "asks over HTTP or gRPC"),
        ({"longest_request": cdk.Duration.minutes(3)}, InvalidTimeoutError, "longest_request = 180 s is not"),
        ({"idle_timeout": cdk.Duration.seconds(4001)}, InvalidTimeoutError, "idle_timeout = 4001 s is not"),
        ({"stickiness": cdk.Duration.days(8)}, InvalidTimeoutError, "stickiness = 691200 s is not"),
        ({"stickiness": cdk.Duration.millis(1500)}, InvalidTimeoutError, r"stickiness = 1\.5 s is not a whole"),
        ({"health_check": HealthCheck.grpc()}, InvalidHealthCheckError, "needs an HTTPS listener"),
        ({"health_check": HealthCheck.tcp()}, InvalidHealthCheckError, "asks over HTTP or gRPC"),
    ],
)
def test_a_bad_argument_is_refused_by_name_and_value_before_anything_is_made(given, error, message):
    stack = new_stack()
    taken = {"port": 8000, "health_check": HealthCheck.http("/health"), **options(stack, **given)}
    before = len(stack.node.children)
    with pytest.raises(error, match=message):
        HttpService(stack, "Service", **taken)
    assert len(stack.node.children) == before


def test_a_public_service_needs_public_subnets():
    stack = new_stack()
    with pytest.raises(InvalidNetworkError, match="VPC Default/Network/Vpc has no public subnets"):
        http(stack, public=True, certificate=certificate(stack))


def test_a_stack_without_a_region_is_told_so():
    stack = cdk.Stack(cdk.App(), "Anywhere")
    with pytest.raises(InvalidListenerError, match="stack Anywhere has no region"):
        http(stack, network=ec2.Vpc(stack, "Vpc"))


def test_whoever_breaks_it_through_the_escape_hatch_is_caught_by_the_rules():
    stack = new_stack()
    service = http(stack)
    service.target_group.configure_health_check(path="/other")
    service.target_group.node.default_child.add_property_override("TargetType", "instance")
    assert findings(stack) >= {"health-check-path-mismatch", "target-type-not-ip"}
