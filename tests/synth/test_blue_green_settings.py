"""Whatever a deployment accepts, its functions accept: the shortest times, the longest ones, and the most of each."""

import importlib

import aws_cdk as cdk
import pytest

from roadworthy.patterns import Deployment, HealthGate, Migration, TickGuard
from tests.synth.blue_green import http, variables
from tests.synth.patterns import new_stack, synthesized

pytestmark = pytest.mark.synth

SECONDS, HOURS, DAYS = cdk.Duration.seconds, cdk.Duration.hours, cdk.Duration.days
NAMED = {"TEST_URL": "http://lb.example:9001", "SCHEDULER_ROLE_ARN": "arn:aws:iam::1:role/any"}
SHORT, LONG = Migration.run_task(["x"], timeout=SECONDS(30)), Migration.run_task(["x"], timeout=HOURS(23))


def package_of(function):
    return "deployment" + "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in function)


@pytest.mark.parametrize(
    ("function", "deployment"),
    [
        ("Migration", Deployment.blue_green(migration=SHORT)),
        ("Migration", Deployment.blue_green(migration=LONG, deadline=None)),
        ("HealthGate", Deployment.blue_green(health_gate=HealthGate(tries=1, interval=SECONDS(1)))),
        (
            "HealthGate",
            Deployment.blue_green(health_gate=HealthGate(tries=177, successes=177), max_overlap=None, deadline=None),
        ),
        ("TickGuard", Deployment.blue_green(tick=TickGuard.lease(max_wait=SECONDS(10)))),
        (
            "TickGuard",
            Deployment.blue_green(
                tick=TickGuard.lease(min_wait=SECONDS(600), max_wait=HOURS(1)), max_overlap=None, deadline=None
            ),
        ),
        ("Steps", Deployment.steps([4, 52, 100], hold=SECONDS(1), max_overlap=None, deadline=None)),
        ("Steps", Deployment.steps([10, 50, 100], hold=HOURS(16), max_overlap=None, deadline=None)),
        ("Deadline", Deployment.blue_green(max_overlap=None, deadline=DAYS(30))),
    ],
)
def test_a_function_takes_what_its_deployment_takes(function, deployment):
    stack = new_stack()
    http(stack, deployment)
    told = variables(synthesized(stack), function)
    plain = {name: value if isinstance(value, str) else NAMED.get(name, "any") for name, value in told.items()}
    package = package_of(function)
    settings, options = (importlib.import_module(name) for name in (f"{package}.settings", "deployment_hook.options"))
    assert settings.parse(options.Options(plain)) is not None


@pytest.mark.parametrize("function", ["Migration", "TickGuard"])
def test_a_function_outlives_four_calls_of_aws_that_are_tried_twice(function):
    stack = new_stack()
    http(stack, Deployment.blue_green(migration=SHORT, tick=TickGuard.task_protection()))
    functions = synthesized(stack).of_type("AWS::Lambda::Function")
    (found,) = (properties for name, properties in functions.items() if f"BlueGreen{function}" in name)
    config = importlib.import_module(f"{package_of(function)}.handler").CONFIG
    once = config.connect_timeout + config.read_timeout
    assert found["Timeout"] > 4 * once * config.retries["total_max_attempts"]
