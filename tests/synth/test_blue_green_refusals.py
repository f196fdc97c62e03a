"""What ECS would refuse, or what would not work, is refused with its value at the line that wrote it."""

import dataclasses

import aws_cdk as cdk
import pytest
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_servicediscovery as servicediscovery

from roadworthy.patterns import (
    Approval,
    Before,
    Deployment,
    HealthCheck,
    HealthGate,
    Hook,
    InvalidDeploymentError,
    InvalidHealthCheckError,
    LifecycleStage,
    Migration,
    Route,
    Scaling,
    SingletonService,
    TcpService,
    TickGuard,
    WorkerService,
)
from roadworthy.patterns.blue_green.options import ShiftOptions
from roadworthy.patterns.blue_green.shifting import ShiftingDeployment
from tests.synth.blue_green import http, tcp
from tests.synth.patterns import CERTIFICATE, new_stack, options, vpc

pytestmark = pytest.mark.synth

SECONDS, MINUTES, HOURS = cdk.Duration.seconds, cdk.Duration.minutes, cdk.Duration.hours
ISOLATED = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
LISTENER = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/shared/0123456789abcdef/0123456789abcdef"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Deployment.blue_green(bake=SECONDS(90)), "bake = 90 s is not a whole number of minutes in 0..1440"),
        (lambda: Deployment.blue_green(bake=MINUTES(1_441)), "bake = 86460 s is not a whole number of minutes"),
        (lambda: Deployment.blue_green(bake=5), "bake = 5 is no duration: write cdk.Duration.minutes"),
        (lambda: Deployment.blue_green(deadline=SECONDS(59)), "deadline = 59 s is not a whole number of seconds in 60"),
        (lambda: Deployment.blue_green(max_overlap="5m"), "max_overlap = '5m' is no duration"),
        (lambda: Deployment.blue_green(test_port=0), r"test_port = 0 is not in 1\.\.65535"),
        (lambda: Deployment.blue_green(max_errors=-1), "max_errors = -1 is less than 0"),
        (lambda: Deployment.blue_green(max_errors=0.5), "max_errors = 0.5 is not a whole number"),
        (lambda: Deployment.blue_green(alarms="a"), "alarms 'a' is one text"),
        (lambda: Deployment.blue_green(migration=["migrate"]), r"migration = \['migrate'\] is no Migration"),
        (lambda: Deployment.blue_green(health_gate=True), "health_gate = True is no HealthGate"),
        (lambda: Deployment.blue_green(tick=10), "tick = 10 is no TickGuard"),
        (lambda: Deployment.blue_green(approval=True), "approval = True is no Approval"),
        (lambda: Deployment.blue_green(hooks=["f"]), r"hooks = \['f'\] is no list of Hook"),
        (lambda: Deployment.blue_green(hooks=None), "hooks = None is no list of Hook"),
        (lambda: Deployment.blue_green(test_listener=9001), "test_listener = 9001 is no listener"),
        (lambda: Deployment.canary(0.05), r"canary percent = 0.05 is not in 0.1\.\.100, in tenths"),
        (lambda: Deployment.canary(10.05), r"canary percent = 10.05 is not in 0.1\.\.100, in tenths"),
        (lambda: Deployment.canary(101), "canary percent = 101 is not in"),
        (lambda: Deployment.canary(float("nan")), "canary percent = nan is not in"),
        (lambda: Deployment.canary("10"), "canary percent = '10' is no number"),
        (lambda: Deployment.canary(hold=SECONDS(30)), "canary hold = 30 s is not a whole number of minutes"),
        (lambda: Deployment.linear(2.9), r"linear percent = 2.9 is not in 3\.\.100"),
        (lambda: Deployment.linear(10, hold=MINUTES(1_441)), "linear hold = 86460 s is not"),
        (lambda: Deployment.linear(3, hold=HOURS(1)), "in all 118860 s; CloudFormation takes no more than 118800 s"),
        (lambda: Deployment.steps([10, 50]), r"steps \[10, 50\] do not rise to 100"),
        (lambda: Deployment.steps([50, 10, 100]), r"steps \[50, 10, 100\] do not rise to 100"),
        (lambda: Deployment.steps([100]), r"steps \[100\] are no list such as .* Deployment.blue_green"),
        (lambda: Deployment.steps("10"), "steps '10' are no list"),
        (lambda: Deployment.steps([1, 10, 100]), r"multiples of 1 percent, .* nearest is Deployment.canary\(1\)"),
        (lambda: Deployment.steps([10, "50", 100]), "step = '50' is no number"),
        (lambda: Deployment.steps([10, 50, 100], hold=HOURS(24)), r"steps hold = 86400 s is not .* in 1\.\.82800"),
        (lambda: Migration.run_task("migrate"), "migration command 'migrate' is no list of words"),
        (lambda: Migration.run_task([]), r"migration command \[\] is no list of words"),
        (lambda: Migration.run_task(["x"], timeout=SECONDS(29)), r"migration timeout = 29 s is not .* in 30\.\.82800"),
        (lambda: HealthGate(tries=0), r"health gate tries = 0 is not in 1\.\.180"),
        (lambda: HealthGate(tries="12"), "health gate tries = '12' is not a whole number"),
        (lambda: HealthGate(codes=200), "health gate codes = 200 is no text"),
        (lambda: HealthGate(verify_tls="no"), "health gate verify_tls = 'no' is no truth value"),
        (lambda: HealthGate(successes=13), r"health gate successes = 13 is not in 1\.\.12"),
        (lambda: HealthGate(interval=SECONDS(61)), r"health gate interval = 61 s is not .* in 1\.\.60"),
        (lambda: HealthGate(tries=180, interval=SECONDS(5)), "180 tries every 5 s take 900 s, over 885 s"),
        (lambda: TickGuard.lease(min_wait=SECONDS(9)), r"tick min_wait = 9 s is not .* in 10\.\.600"),
        (lambda: TickGuard.lease(max_wait=HOURS(2)), r"tick max_wait = 7200 s is not .* in 10\.\.3600"),
        (
            lambda: TickGuard.task_protection(min_wait=SECONDS(60), max_wait=SECONDS(30)),
            "tick max_wait = 30 s is less than min_wait = 60 s",
        ),
        (lambda: TickGuard.lease("leases"), "tick lease table 'leases' is no table"),
        (lambda: TickGuard.lease(on_timeout="ROLLBACK"), "tick on_timeout = 'ROLLBACK' is no TimeoutAction"),
        (lambda: Approval(timeout=SECONDS(30)), "approval timeout = 30 s is not a whole number of minutes in 1"),
        (lambda: Approval(before="traffic"), "approval before = 'traffic' is none of Before"),
        (lambda: Approval(on_timeout=None), "approval on_timeout = None is no TimeoutAction"),
    ],
)
def test_a_value_is_refused_where_it_is_written(make, message):
    with pytest.raises(InvalidDeploymentError, match=message):
        make()


@pytest.mark.parametrize("given", [{"path": "health"}, {"path": "/health?deep=1"}, {"codes": "ok"}, {"codes": "500"}])
def test_a_gate_asks_what_a_load_balancer_could_ask(given):
    with pytest.raises(InvalidHealthCheckError, match=str(next(iter(given.values()))).replace("?", r"\?")):
        HealthGate(**given)


@pytest.fixture
def function():
    return lambda_.Function.from_function_name(new_stack(), "Own", "own")


@pytest.mark.parametrize(
    ("stages", "given", "message"),
    [
        ((), {}, r"hook stages \[\]: name each LifecycleStage once"),
        (("PRE_SCALE_UP",), {}, "name each LifecycleStage once"),
        ((LifecycleStage.PRE_SCALE_UP,) * 2, {}, "name each LifecycleStage once"),
        ((LifecycleStage.PRE_SCALE_UP,), {"timeout": SECONDS(90)}, "hook timeout = 90 s is not a whole number of min"),
        ((LifecycleStage.PRE_SCALE_UP,), {"timeout": HOURS(25)}, "hook timeout = 90000 s is not"),
        ((LifecycleStage.PRE_SCALE_UP,), {"details": [1]}, r"hook details \[1\] are no mapping"),
        ((LifecycleStage.PRE_SCALE_UP,), {"details": {"a": {1}}}, "hook details are no JSON: Object of type set"),
        ((LifecycleStage.PRE_SCALE_UP,), {"details": {"a": float("nan")}}, "hook details are no JSON"),
        ((LifecycleStage.PRE_SCALE_UP,), {"on_timeout": "x"}, "hook on_timeout = 'x' is no TimeoutAction"),
    ],
)
def test_a_hook_that_ecs_would_refuse_is_refused(function, stages, given, message):
    with pytest.raises(InvalidDeploymentError, match=message):
        Hook.function(function, *stages, **{"timeout": MINUTES(1), **given})


def test_a_hook_without_a_function_is_none():
    with pytest.raises(InvalidDeploymentError, match="hook 'own' is no Lambda function"):
        Hook.function("own", LifecycleStage.PRE_SCALE_UP, timeout=MINUTES(1))


def test_ecs_asks_ten_functions_at_most(function):
    own = [Hook.function(function, LifecycleStage.PRE_SCALE_UP, timeout=MINUTES(1))] * 9
    assert len(Deployment.blue_green(health_gate=HealthGate(), approval=Approval(), hooks=own).hooks) == 9
    with pytest.raises(InvalidDeploymentError, match="has 11 hooks with functions, ECS takes 10"):
        Deployment.blue_green(health_gate=HealthGate(), tick=TickGuard.lease(), hooks=own)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Deployment.blue_green(approval=Approval(before=Before.START), migration=Migration.run_task(["x"])),
            "approval before START would not hold the migration back",
        ),
        (
            lambda: Deployment.canary(approval=Approval(before=Before.EACH_STEP), tick=TickGuard.lease()),
            "approval before EACH_STEP: the tick would be over long before",
        ),
        (
            lambda: Deployment.blue_green(approval=Approval(before=Before.EACH_STEP)),
            "approval before EACH_STEP: it has one step",
        ),
        (
            lambda: Deployment.steps([10, 50, 100], approval=Approval(before=Before.EACH_STEP)),
            "approval before EACH_STEP: Deployment.steps has more steps than those it holds at",
        ),
    ],
)
def test_an_approval_that_would_hold_nothing_back_is_refused(make, message):
    with pytest.raises(InvalidDeploymentError, match=message):
        make()


def test_each_keyword_is_an_attribute_with_a_default():
    fields = {field.name for field in dataclasses.fields(ShiftingDeployment) if field.init}
    assert ShiftOptions.__annotations__.keys() == fields - {"shift", "is_rolling"}


GATE, TRIED = Deployment.blue_green(health_gate=HealthGate()), Deployment.blue_green(test_port=9001)


def certificate(stack):
    return acm.Certificate.from_certificate_arn(stack, "Certificate", CERTIFICATE)


@pytest.mark.parametrize(
    ("deployment", "given", "message"),
    [
        (Deployment.blue_green(test_port=80), {}, "test_port = 80 is the port of another listener"),
        (GATE, {"health_check": HealthCheck.http("/up", port=9000)}, "asks port 8000, the health check port 9000"),
        (
            Deployment.blue_green(),
            {"scaling": Scaling(requests_per_target=9)},
            "requests_per_target = 9 counts the requests of one target group",
        ),
        (
            Deployment.blue_green(tick=TickGuard.lease()),
            {"environment": {"TICK_LEASE_KEY": "x"}},
            "the tick guard sets TICK_LEASE_KEY itself",
        ),
    ],
)
def test_a_service_that_contradicts_its_deployment_is_refused_before_anything_is_made(deployment, given, message):
    stack = new_stack()
    taken = options(stack, deployment=deployment, **given)
    before = len(stack.node.children)
    with pytest.raises(InvalidDeploymentError, match=message):
        http(stack, **taken)
    assert len(stack.node.children) == before


def test_a_gate_needs_the_name_of_the_certificate():
    stack = new_stack()
    with pytest.raises(InvalidDeploymentError, match="does not know whose certificate to expect; give domain_name"):
        http(stack, GATE, certificate=certificate(stack))


def test_a_gate_cannot_reach_a_public_load_balancer():
    stack = new_stack()
    given = {"network": vpc(stack), "public": True, "certificate": certificate(stack), "domain_name": "a.example"}
    with pytest.raises(InvalidDeploymentError, match="where a public load balancer has no address"):
        http(stack, GATE, **given)


def test_a_gate_does_not_speak_grpc():
    stack = new_stack()
    given = {"health_check": HealthCheck.grpc(), "certificate": certificate(stack), "domain_name": "a.example"}
    with pytest.raises(InvalidDeploymentError, match="asks over HTTP, which the service does not speak"):
        http(stack, GATE, **given)


@pytest.fixture
def shared():
    stack = new_stack()
    service = http(stack, Deployment.rolling())
    return stack, {
        "network": stack.node.find_child("Network"),
        "cluster": service.cluster,
        "listener": service.listener,
    }


def test_a_gate_asks_for_what_the_route_forwards(shared):
    stack, taken = shared
    route = Route(priority=7, paths=["/api/*", "/v?"])
    with pytest.raises(InvalidDeploymentError, match=r"asks for /health, which the route does not forward \(/api/\*"):
        http(stack, GATE, "Other", name="other", route=route, **taken)
    inside = Deployment.blue_green(health_gate=HealthGate(path="/api/health"))
    assert http(stack, inside, "Other", name="other", route=route, **taken).test_listener.port == 9001


def test_a_gate_asks_a_host_by_its_whole_name(shared):
    stack, taken = shared
    route = Route(priority=7, hosts=["*.example.com"])
    with pytest.raises(InvalidDeploymentError, match=r"for which of \*.example.com to ask; give HealthGate"):
        http(stack, GATE, "Other", name="other", route=route, **taken)


def imported(stack, id="Listener"):
    group = ec2.SecurityGroup.from_security_group_id(stack, f"{id}Group", "sg-0123456789abcdef0")
    return elbv2.ApplicationListener.from_application_listener_attributes(
        stack, id, listener_arn=LISTENER, security_group=group, default_port=443
    )


def test_an_imported_listener_takes_a_test_listener_of_yours():
    stack = new_stack()
    network, route = vpc(stack), Route(priority=1, paths=["/"])
    given = {"network": network, "listener": imported(stack), "route": route}
    with pytest.raises(InvalidDeploymentError, match="does not tell where to add one for test traffic"):
        http(stack, TRIED, **given)
    own = Deployment.blue_green(test_listener=imported(stack, "Tests"))
    service = http(stack, own, **given)
    with pytest.raises(InvalidDeploymentError, match="does not tell its port"):
        service.test_listener.allow_from(service)


def test_a_gate_cannot_ask_an_imported_listener():
    stack = new_stack()
    deployment = Deployment.blue_green(test_listener=imported(stack, "Tests"), health_gate=HealthGate())
    route = Route(priority=1, paths=["/health"])
    with pytest.raises(InvalidDeploymentError, match="cannot ask an imported test_listener"):
        http(stack, deployment, network=vpc(stack), listener=imported(stack), route=route)


def test_a_test_listener_is_of_the_same_load_balancer(shared):
    stack, taken = shared
    another = elbv2.ApplicationLoadBalancer(stack, "Another", vpc=taken["network"].vpc, vpc_subnets=ISOLATED)
    nothing = elbv2.ListenerAction.fixed_response(404)
    listener = another.add_listener("Tests", port=9001, protocol=elbv2.ApplicationProtocol.HTTP, default_action=nothing)
    deployment = Deployment.blue_green(test_listener=listener)
    route = Route(priority=7, paths=["/api/*"])
    with pytest.raises(InvalidDeploymentError, match="test_listener is of another load balancer"):
        http(stack, deployment, "Other", name="other", route=route, **taken)
    with pytest.raises(InvalidDeploymentError, match="test_listener is of another load balancer"):
        http(stack, deployment, "Own", network=taken["network"], cluster=taken["cluster"], name="own")


def test_without_a_load_balancer_there_is_no_traffic_to_move():
    stack = new_stack()
    taken = options(stack, deployment=Deployment.blue_green())
    with pytest.raises(InvalidDeploymentError, match="service `api`: without a load balancer there is no traffic"):
        WorkerService(stack, "Worker", **taken)
    namespace = servicediscovery.HttpNamespace(stack, "Namespace", name="shop")
    with pytest.raises(InvalidDeploymentError, match="without a load balancer"):
        TcpService(stack, "Tcp", port=6432, network_load_balancer=False, namespace=namespace, **taken)


def test_a_singleton_has_a_deployment_of_its_own():
    stack = new_stack()
    with pytest.raises(TypeError, match="deployment"):
        SingletonService(stack, "Singleton", **options(stack, deployment=Deployment.blue_green()))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"max_errors": 5}, "max_errors = 5 counts answers of HTTP"),
        ({"test_port": 6432}, "test_port = 6432 is the port of another listener"),
        ({"health_gate": HealthGate()}, "asks over HTTP, which the service does not speak"),
    ],
)
def test_a_network_load_balancer_has_limits_of_its_own(given, message):
    with pytest.raises(InvalidDeploymentError, match=message):
        tcp(new_stack(), Deployment.blue_green(max_overlap=None, deadline=None, **given))


def test_a_network_load_balancer_takes_no_listener_of_an_application():
    stack = new_stack()
    deployment = Deployment.blue_green(max_overlap=None, deadline=None, test_listener=imported(stack))
    with pytest.raises(InvalidDeploymentError, match="test_listener is an Application Load Balancer's: give test_port"):
        tcp(stack, deployment)


def test_a_token_that_sums_need_is_refused():
    hidden = MINUTES(cdk.CfnParameter(new_stack(), "Number", type="Number").value_as_number)
    for make in (
        lambda: Approval(timeout=hidden),
        lambda: Migration.run_task(["x"], timeout=hidden),
        lambda: HealthGate(interval=hidden),
        lambda: TickGuard.lease(max_wait=hidden),
        lambda: Deployment.blue_green(deadline=hidden),
        lambda: Deployment.steps([10, 50, 100], hold=hidden),
    ):
        with pytest.raises(InvalidDeploymentError, match="is a token: write its value"):
            make()
    in_seconds = SECONDS(cdk.CfnParameter(new_stack(), "Number", type="Number").value_as_number)
    with pytest.raises(InvalidDeploymentError, match="bake is a token of seconds: ECS takes minutes"):
        Deployment.blue_green(bake=in_seconds)
