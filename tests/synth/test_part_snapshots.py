"""The default of each pattern that is no service, so that a change is seen before it is shipped.

`SNAPSHOT=write .venv/bin/pytest tests/synth/test_part_snapshots.py` writes them anew; the difference is reviewed like
code.
"""

import json
import os
import re
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_secretsmanager as secretsmanager

import roadworthy
from roadworthy.patterns import (
    AccessLogBucket,
    AlarmTopic,
    ApiGatewayLogging,
    DeploymentNotifications,
    EncryptionKey,
    Function,
    Image,
    ImageGate,
    Index,
    PrivateApi,
    PrivateNetwork,
    PublicApi,
    RecordTable,
    RedeployOnRotation,
    ServiceDashboard,
    ServiceLogs,
    WorkerService,
)
from tests.synth.patterns import ZONES, assembly, new_stack, options

pytestmark = pytest.mark.synth

ROOT = Path(__file__).parents[2]
SNAPSHOTS = Path(__file__).with_name("snapshots") / "parts"
LOGS = ServiceLogs(retention_days=30)
SECONDS = cdk.Duration.seconds(10)
DOCUMENT = {"openapi": "3.0.3", "info": {"title": "Orders"}, "paths": {"/orders": {"get": {"operationId": "list"}}}}


def key(stack):
    return EncryptionKey(stack, "Key", alias="orders")


def text(name):
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)


def function(stack, id="Function"):
    package = ROOT / "lambdas" / "image_gate"
    return Function(stack, id, package=package, name="orders", logs=LOGS, timeout=SECONDS)


def private_api(stack):
    endpoint = PrivateNetwork(stack, "Network", availability_zones=ZONES).execute_api
    given = {"document": DOCUMENT, "endpoint": endpoint, "integration_timeout": SECONDS, "logs": LOGS}
    PrivateApi(stack, "Api", function=function(stack), **given)


def public_api(stack):
    given = {"operations": [("POST", "/orders")], "integration_timeout": SECONDS, "logs": LOGS}
    PublicApi(stack, "Api", name="orders", function=function(stack), **given)


def record_table(stack):
    given = {"partition_key": text("id"), "indexes": [Index("by-day", text("day"))], "stream": True}
    RecordTable(stack, "Table", name="orders", encryption_key=key(stack), **given).stream_to(function(stack))


def notifications(stack):
    package = ROOT / "lambdas" / "deployment_notifier"
    given = {"package": package, "environment": "stage", "logs": LOGS, "encryption_key": key(stack)}
    services = [WorkerService(stack, "Service", **options(stack))]
    DeploymentNotifications(stack, "Told", name="orders", services=services, emails=["a@example.com"], **given)


def image_gate(stack):
    image = Image.from_ecr(ecr.Repository.from_repository_name(stack, "Repository", "orders"), tag="3f2a9c1d0b7e")
    ImageGate(stack, "Gate", image=image, package=ROOT / "lambdas" / "image_gate", name="gate", logs=LOGS)


def redeploy(stack):
    service = WorkerService(stack, "Service", **options(stack))
    secret = secretsmanager.Secret.from_secret_name_v2(stack, "Secret", "orders")
    RedeployOnRotation(stack, "Redeploy", service=service).watch(secret)


def dashboard(stack):
    service = WorkerService(stack, "Service", **options(stack))
    ServiceDashboard(stack, "Dashboard", name="orders", service=service)


def around(stack):
    AlarmTopic(stack, "Alarms", encryption_key=key(stack))
    AccessLogBucket(stack, "AccessLogs", retention_days=30)
    ApiGatewayLogging(stack, "Logging")


PARTS = {
    "function": lambda stack: function(stack).keep_failed_events(),
    "private_api": private_api,
    "public_api": public_api,
    "record_table": record_table,
    "deployment_notifications": notifications,
    "image_gate": image_gate,
    "redeploy_on_rotation": redeploy,
    "service_dashboard": dashboard,
    "topic_bucket_and_logging": around,
}


@pytest.mark.parametrize("part", PARTS)
def test_its_template_is_as_it_was_and_the_rules_find_nothing(part):
    stack = new_stack()
    PARTS[part](stack)
    out = assembly(stack)
    written = (out / "Default.template.json").read_text()
    # what is bundled has another hash with every change of its code, and with every Python that bundles it
    template = json.loads(re.sub(r"[0-9a-f]{64}", "HASH", written))
    snapshot = SNAPSHOTS / f"{part}.json"
    if os.environ.get("SNAPSHOT") == "write":
        snapshot.parent.mkdir(exist_ok=True)
        snapshot.write_text(json.dumps(template, indent=1, sort_keys=True) + "\n")
    assert template == json.loads(snapshot.read_text())
    assert roadworthy.check(out).findings == []
