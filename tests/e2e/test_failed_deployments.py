"""Deployments that fail leave the old version serving, and say why."""

import contextlib
import dataclasses
import json
import os
import signal
import threading
from collections import Counter
from pathlib import Path

import pytest

from roadworthy.local.errors import LocalError
from roadworthy.local.query_service import REPOSITORY_STACK
from tests.e2e.conftest import ROOT

pytestmark = pytest.mark.e2e


class Traffic(threading.Thread):
    """Queries in a row until it is stopped; `statuses` counts the answers."""

    def __init__(self, service):
        super().__init__(daemon=True)
        self._service, self._stopped, self.statuses = service, threading.Event(), Counter()

    def run(self):
        while not self._stopped.is_set():
            self.statuses[self._service.query("user", {"user_id": "traffic", "limit": 1}).status] += 1

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._stopped.set()
        self.join(60)


def stack_status(service) -> str:
    return service.aws.client("cloudformation").describe_stacks(StackName="QueryServiceStack")["Stacks"][0][
        "StackStatus"
    ]


def changed(service, tag: str, argv: tuple[str, ...] | None):
    """The app with another image tag, pushed as `argv` or not pushed at all."""
    images = [dataclasses.replace(service.app.images[0], after=REPOSITORY_STACK, tag=tag, argv=argv)] if argv else []
    return dataclasses.replace(service.app, context={**service.app.context, "image_tag": tag}, images=tuple(images))


def test_an_image_that_crashes_is_rolled_back_without_losing_a_request(service):
    broken = changed(service, "c0ffee000001", ("{python}", "-c", "raise SystemExit(3)"))
    with Traffic(service) as traffic, pytest.raises(LocalError, match="QueryServiceStack"):
        service.aws.deploy(broken, tools=ROOT)
    assert stack_status(service) == "UPDATE_ROLLBACK_COMPLETE"
    assert set(traffic.statuses) == {200}
    assert traffic.statuses[200] > 20


def test_an_image_that_was_never_pushed_is_refused_before_anything_changes(service):
    missing = changed(service, "c0ffee000002", None)
    with pytest.raises(LocalError, match="query-service:c0ffee000002 is not in ECR"):
        service.aws.deploy(missing, tools=ROOT)
    assert service.query("user", {"user_id": "after"}).status == 200


def test_after_a_rollback_the_next_good_deployment_succeeds(service):
    good = changed(service, "c0ffee000003", service.app.images[0].argv)
    service.aws.deploy(good, tools=ROOT)
    assert stack_status(service) == "UPDATE_COMPLETE"
    assert service.query("user", {"user_id": "after"}).status == 200


def test_a_task_that_is_killed_costs_few_requests_and_leaks_nothing(service):
    answers = []
    for number in range(40):
        if number == 5:
            os.kill(a_task(service), signal.SIGKILL)
        answers.append(service.query("user", {"user_id": "killed", "limit": 1}))
    failed = [answer for answer in answers if answer.status != 200]
    assert len(failed) <= 20  # until the load balancer has seen it, every other request may meet the dead task
    for answer in failed:
        assert (answer.status in {502, 503, 504}, answer.body["hop"]) == (True, "handler")
        assert "127." not in json.dumps(answer.body)


def a_task(service) -> int:
    """The process of one of the service's tasks."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (process / "cmdline").read_text().split("\0")
            if "query_handler" in words and str(service.aws.state) in words[0]:
                return int(process.name)
    raise AssertionError("no task runs")
