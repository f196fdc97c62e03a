import json
import socket

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from roadworthy.online.aws import RETRIES, Aws
from roadworthy.online.engine.run import online_rules
from roadworthy.rules.engine.run import run
from roadworthy.template.sources import read

REGION = "eu-west-1"
SERVICE = {"Type": "AWS::ECS::Service"}


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refuse(*_):
        raise AssertionError("a unit test touches the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(autouse=True)
def credentials(monkeypatch, tmp_path):
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name, file in (("AWS_CONFIG_FILE", "config"), ("AWS_SHARED_CREDENTIALS_FILE", "credentials")):
        monkeypatch.setenv(name, str(tmp_path / file))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


@pytest.fixture
def aws():
    """An empty AWS account, 123456789012, in eu-west-1."""
    with mock_aws():
        yield Aws(boto3.Session(region_name=REGION), REGION)


@pytest.fixture
def client(aws):
    return lambda service, region=REGION: boto3.client(service, region_name=region)


@pytest.fixture
def stub(aws):
    """Make calls of one service fail, or answer what moto does not know."""

    def build(service, region=REGION):
        stubber = Stubber(aws._client(service, region, RETRIES))
        stubber.activate()
        return stubber

    return build


@pytest.fixture
def deny(stub):
    """Let one call be denied, as often as it is made."""

    def build(service, method, code="AccessDeniedException", message="not authorized", region=REGION):
        stubber = stub(service, region)
        for _ in range(20):
            stubber.add_client_error(method, code, message, 400)

    return build


@pytest.fixture
def report_of(aws, tmp_path):
    """The report of the online checks alone, on trees that are read together."""

    def build(*trees, concurrency=1):
        paths = []
        for index, tree in enumerate(trees):
            paths.append(tmp_path / f"{index}.json")
            paths[-1].write_text(json.dumps(tree))
        sources = read([str(path) for path in paths])
        return run(sources, rules=online_rules(sources.documents, aws, concurrency=concurrency))

    return build


@pytest.fixture
def found(report_of):
    """(rule, severity, message) of all findings on a template with these resources and sections."""

    def check(resources, **sections):
        report = report_of({"Resources": resources, **sections})
        return [(finding.rule, finding.severity, finding.message) for finding in report.findings]

    return check


@pytest.fixture
def task():
    """A Fargate task definition of one container; keywords change the container."""

    def build(definition=None, **container):
        containers = [{"Name": "api", "Image": "nginx:1.29", **container}]
        properties = {"RequiresCompatibilities": ["FARGATE"], "ContainerDefinitions": containers, **(definition or {})}
        return {"Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": properties}}

    return build


@pytest.fixture
def service():
    """A service; keywords are its properties."""

    def build(**properties):
        return {"Api": {**SERVICE, "Properties": {"TaskDefinition": {"Ref": "Task"}, **properties}}}

    return build
