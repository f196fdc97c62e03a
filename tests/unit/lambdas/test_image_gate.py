import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber
from image_gate import handler as gate_handler
from image_gate.handler import handler

SECRET_URL = "https://cloudformation.example/answer?X-Amz-Signature=secret"
DIGEST = "sha256:" + "a" * 64
URI = "000000000000.dkr.ecr.ap-southeast-1.amazonaws.com/query-service"


@pytest.fixture
def ecr(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    client = boto3.client("ecr", region_name="ap-southeast-1", aws_access_key_id="x", aws_secret_access_key="x")
    monkeypatch.setattr(gate_handler, "ecr", lambda: client)
    with Stubber(client) as stubber:
        yield stubber


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The PUT requests to CloudFormation."""
    requests: list[Any] = []

    class Accepted:
        def __enter__(self) -> None: ...
        def __exit__(self, *_: object) -> None: ...

    def urlopen(request: Any, timeout: float) -> Accepted:
        requests.append(request)
        return Accepted()

    monkeypatch.setattr("urllib.request.urlopen", urlopen)
    return requests


@pytest.fixture
def ask(answers: list[Any]) -> Callable[..., dict[str, Any]]:
    """Send a custom resource request and give the body that CloudFormation gets."""

    def send(kind: str = "Create", physical_id: str | None = None, **properties: str) -> dict[str, Any]:
        event = {
            "RequestType": kind,
            "ResponseURL": SECRET_URL,
            "StackId": "stack",
            "RequestId": "request",
            "LogicalResourceId": "ImageGate",
            "ResourceProperties": {"RepositoryName": "query-service", "RepositoryUri": URI} | properties,
        }
        handler(event | ({"PhysicalResourceId": physical_id} if physical_id else {}), None)
        body: dict[str, Any] = json.loads(answers[-1].data)
        return body

    return send


def test_an_image_that_is_there_succeeds_with_its_digest(ecr: Stubber, ask: Callable[..., dict[str, Any]]) -> None:
    asked = {"repositoryName": "query-service", "imageIds": [{"imageTag": "abc123"}]}
    ecr.add_response("describe_images", {"imageDetails": [{"imageDigest": DIGEST}]}, asked)
    answer = ask(ImageTag="abc123")
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", "query-service:abc123")
    assert answer["Data"] == {"ImageDigest": DIGEST}


def test_an_image_may_be_named_by_its_digest(ecr: Stubber, ask: Callable[..., dict[str, Any]]) -> None:
    asked = {"repositoryName": "query-service", "imageIds": [{"imageDigest": DIGEST}]}
    ecr.add_response("describe_images", {"imageDetails": [{"imageDigest": DIGEST}]}, asked)
    assert ask(ImageDigest=DIGEST)["PhysicalResourceId"] == f"query-service@{DIGEST}"


def test_a_missing_image_fails_with_the_commands_that_push_it(ecr: Stubber, ask: Callable[..., dict[str, Any]]) -> None:
    ecr.add_client_error("describe_images", "ImageNotFoundException")
    answer = ask(ImageTag="abc123")
    assert answer["Status"] == "FAILED"
    assert answer["Reason"].startswith("query-service:abc123 is not in ECR: ")
    assert (
        f"docker build --platform linux/amd64 -t {URI}:abc123 FOLDER && docker push {URI}:abc123, then deploy again"
        in answer["Reason"]
    )


def test_an_empty_list_of_images_is_a_missing_image_too(ecr: Stubber, ask: Callable[..., dict[str, Any]]) -> None:
    ecr.add_response("describe_images", {"imageDetails": []})
    assert "query-service:abc123 is not in ECR" in ask(ImageTag="abc123")["Reason"]


def test_a_missing_repository_fails_with_the_stack_that_makes_it(
    ecr: Stubber, ask: Callable[..., dict[str, Any]]
) -> None:
    ecr.add_client_error("describe_images", "RepositoryNotFoundException")
    answer = ask(ImageTag="abc123")
    assert (answer["Status"], "deploy ImageRepositoryStack first" in answer["Reason"]) == ("FAILED", True)


def test_a_failed_update_keeps_the_resource_that_stands(ecr: Stubber, ask: Callable[..., dict[str, Any]]) -> None:
    ecr.add_client_error("describe_images", "RepositoryNotFoundException")
    assert ask("Update", "query-service:old", ImageTag="new")["PhysicalResourceId"] == "query-service:old"


def test_a_denial_is_asked_again_until_the_roles_policy_is_known_everywhere(
    ecr: Stubber, ask: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate_handler, "PAUSE_SECONDS", 0)
    ecr.add_client_error("describe_images", "AccessDeniedException")
    ecr.add_response("describe_images", {"imageDetails": [{"imageDigest": DIGEST}]})
    assert ask(ImageTag="abc123")["Status"] == "SUCCESS"


def test_a_denial_that_stays_is_the_reason(
    ecr: Stubber, ask: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate_handler, "PAUSE_SECONDS", 0)
    for _ in range(gate_handler.DENIALS + 1):
        ecr.add_client_error("describe_images", "AccessDeniedException")
    answer = ask(ImageTag="abc123")
    assert (answer["Status"], "AccessDenied" in answer["Reason"]) == ("FAILED", True)


def test_deletion_always_succeeds(ecr: Stubber, ask: Callable[..., dict[str, Any]]) -> None:
    answer = ask("Delete", "query-service:abc123")
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", "query-service:abc123")


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"ImageTag": "a", "ImageDigest": DIGEST},
        {"RepositoryName": "", "ImageTag": "a"},
        {"RepositoryUri": "", "ImageTag": "a"},
    ],
)
def test_wrong_properties_fail_by_their_names(
    ecr: Stubber, ask: Callable[..., dict[str, Any]], properties: dict[str, str]
) -> None:
    answer = ask(**properties)
    assert (answer["Status"], "propert" in answer["Reason"]) == ("FAILED", True)


def test_any_failure_is_answered(ask: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise EndpointConnectionError(endpoint_url="https://ecr")

    monkeypatch.setattr(gate_handler, "ecr", away)
    answer = ask(ImageTag="a")
    assert (answer["Status"], "cannot ask ECR" in answer["Reason"]) == ("FAILED", True)


def test_an_answer_stays_below_4_kb_whatever_the_reason(
    ecr: Stubber, ask: Callable[..., dict[str, Any]], answers: list[Any]
) -> None:
    ecr.add_client_error("describe_images", "ServerException", "한" * 5000)
    ask(ImageTag="a")
    assert len(answers[-1].data) < 4096


def test_the_answer_is_a_put_with_an_empty_content_type(
    ecr: Stubber, ask: Callable[..., dict[str, Any]], answers: list[Any]
) -> None:
    ask("Delete", "x")
    assert (answers[0].full_url, answers[0].method, answers[0].headers["Content-type"]) == (SECRET_URL, "PUT", "")


def test_the_presigned_url_is_never_logged(
    ecr: Stubber, ask: Callable[..., dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ecr.add_client_error("describe_images", "ServerException")
    ask(ImageTag="a")
    assert "cannot ask ECR" in caplog.text
    assert "X-Amz-Signature" not in caplog.text
