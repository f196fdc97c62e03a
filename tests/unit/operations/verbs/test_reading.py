"""The verbs that only read: list, status, watch, logs, events, history, stop-task."""

import json
import signal
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.operations.context import Context
from roadworthy.operations.errors import NotFoundError, OperationError
from roadworthy.operations.place import Place, Whereabouts
from roadworthy.operations.verbs import logs
from roadworthy.testing import faults
from roadworthy.testing.wire.errors import AwsError
from tests.unit.operations.operate import IMAGE, STAGE, Shop


def test_list_has_every_service_with_its_tasks_and_its_image(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.run("list")
    head, api, worker, mailer = capsys.readouterr().out.splitlines()
    assert head.split() == ["SERVICE", "DESIRED", "RUNNING", "PENDING", "DEPLOYMENT", "IMAGE", "AGE", "NOTE"]
    assert api.split() == ["api", "2", "2", "0", "completed", "4f1c2ab", "1d"]
    assert (worker.split()[0], mailer.split()[-1]) == ("worker", "inactive")


def test_list_has_what_is_not_deployed_and_what_is_not_in_the_catalogue(
    shop: Shop, capsys: pytest.CaptureFixture[str], tmp_path
):
    with (tmp_path / "services.toml").open("a") as file:
        file.write('\n[services.search]\nkind = "worker"\n')
    shop.fake.add_service(STAGE, "legacy", image=IMAGE)
    shop.run("list", "--output", "json")
    rows = {row["service"]: row for row in json.loads(capsys.readouterr().out)}
    assert (rows["search"]["state"], rows["search"]["running"]) == ("not deployed", None)
    assert rows["legacy"]["note"] == "not in services.toml"


def test_a_thousand_services_are_asked_for_in_batches(shop: Shop, capsys: pytest.CaptureFixture[str]):
    for number in range(1000):
        shop.fake.add_service("large", f"job{number:03}", image=IMAGE, port=None, desired=1)
    shop.run("list", "--cluster", "large", "--output", "json")
    asked = [made for made in shop.made("DescribeServices") if made["cluster"] == "large"]
    assert len([row for row in json.loads(capsys.readouterr().out) if row["cluster"] == "large"]) == 1000
    assert {len(made["services"]) for made in asked} == {10}
    assert len(asked) == 100


def test_status_tells_tasks_targets_and_events(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.run("status", "api", "--output", "json")
    found = json.loads(capsys.readouterr().out)
    assert (found["health"], found["running"], len(found["tasks"])) == ("healthy", 2, 2)
    assert [target["state"] for target in found["targets"]] == ["healthy", "healthy"]


def test_status_tells_the_deployment_that_goes_on(shop: Shop, capsys: pytest.CaptureFixture[str]):
    other = shop.fake.session().client("ecs")
    other.update_service(cluster=STAGE, service="api-stage", forceNewDeployment=True)
    shop.fake.clock.sleep(5)
    shop.run("status", "api")
    assert "in progress" in capsys.readouterr().out


def test_status_tells_what_it_may_not_ask(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.fake.aws.deny("ecs:ListTasks")
    assert shop.run("status", "api") == ExitCode.OK
    assert "the credentials lack ecs:ListTasks" in capsys.readouterr().err


def test_watch_follows_what_somebody_else_started(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.fake.script("api-stage", faults.pull_error())
    other = shop.fake.session().client("ecs")
    other.update_service(cluster=STAGE, service="api-stage", forceNewDeployment=True)
    assert shop.run("watch", "api") == ExitCode.FAILED
    assert "✗ api stage: rolled back" in capsys.readouterr().out
    assert shop.made("StopServiceDeployment") == []


def test_logs_are_those_of_the_services_tasks_in_their_order(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.fake.script("api-stage", faults.crash_loop(1, ["first", "second"]))
    shop.run("restart", "api")
    capsys.readouterr()
    shop.run("logs", "api", "--since", "1h")
    lines = capsys.readouterr().out.splitlines()
    assert {line.split("  ")[1] for line in lines} == {"first", "second"}
    assert lines == sorted(lines, key=lambda line: line[:8])


def test_logs_of_an_unknown_container_are_refused_with_the_known_ones(shop: Shop):
    with pytest.raises(NotFoundError, match="no container `sidecar`; it has api"):
        shop.run("logs", "api", "--container", "sidecar")


def test_events_are_the_newest_oldest_first(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.run("restart", "api")
    capsys.readouterr()
    shop.run("events", "api", "--limit", "2")
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith("deployment completed.")
    assert second.endswith("(service api-stage) has reached a steady state.")


def test_followed_events_are_the_newest_and_those_to_come(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.run("restart", "api")
    capsys.readouterr()
    shop.fake.clock.after(10, lambda: signal.raise_signal(signal.SIGINT))
    with pytest.raises(KeyboardInterrupt):
        shop.run("events", "api", "--limit", "2", "--follow")
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_events_in_json_are_a_line_each(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.run("events", "api", "--output", "json")
    assert [set(json.loads(line)) for line in capsys.readouterr().out.splitlines()] == [{"at", "id", "message"}]


def test_history_tells_how_each_deployment_ended_and_who_did_it(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.fake.script("api-stage", faults.none(), faults.crash_loop(2))
    shop.run("deploy", "api", "--image", "9d8e7f6", "--no-checks", "--commit", "9d8e7f6a1b2c")
    shop.run("restart", "api")
    capsys.readouterr()
    shop.run("history", "api", "--output", "json")
    newest, deployed, first = json.loads(capsys.readouterr().out)
    assert (newest["status"], deployed["status"], first["status"]) == (
        "rollback successful",
        "successful",
        "successful",
    )
    assert (deployed["image"], deployed["commit"], deployed["task_definition"]) == (
        "9d8e7f6",
        "9d8e7f6a1b2c",
        "api-stage:2",
    )
    assert deployed["who"].startswith("arn:aws:")
    assert first["record"] == ""


def test_a_task_is_stopped_by_the_first_digits_of_its_id_with_a_reason(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.run("status", "api", "--output", "json")
    task = json.loads(capsys.readouterr().out)["tasks"][0]["id"]
    assert shop.run("stop-task", "api", task[:6], "--reason", "hangs") == ExitCode.OK
    (stopped,) = shop.made("StopTask")
    assert stopped["task"].endswith(task)
    assert stopped["reason"] == "hangs"


@pytest.mark.parametrize(("task", "error"), [("ffffffff", NotFoundError), ("ab", OperationError)])
def test_a_task_that_is_none_is_refused(shop: Shop, task: str, error: type[OperationError]):
    with pytest.raises(error):
        shop.run("stop-task", "api", task, "--reason", "x")
    assert shop.made("StopTask") == []


def test_without_an_unhealthy_task_none_is_stopped(shop: Shop, capsys: pytest.CaptureFixture[str]):
    assert shop.run("stop-task", "api", "--unhealthy", "--reason", "x") == ExitCode.OK
    assert capsys.readouterr().out == "api stage: no unhealthy task\n"


def test_watch_tells_how_the_targets_are_while_it_goes_on(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.fake.script("api-stage", faults.failed_health_checks("Target.ResponseCodeMismatch"))
    other = shop.fake.session().client("ecs")
    other.update_service(cluster=STAGE, service="api-stage", forceNewDeployment=True)
    shop.run("watch", "api")
    told = [line for line in capsys.readouterr().err.splitlines() if "targets: " in line]
    assert "api stage: targets: 2 healthy" in told
    assert any("2 unhealthy (Target.ResponseCodeMismatch)" in line for line in told)


def test_targets_that_may_not_be_asked_for_end_no_watching(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.fake.aws.deny("elasticloadbalancing:DescribeTargetHealth")
    assert shop.run("watch", "api") == ExitCode.OK
    assert "targets: " not in capsys.readouterr().err


def test_one_task_that_cannot_be_stopped_keeps_none_of_the_others(shop: Shop):
    arns = shop.fake.session().client("ecs").list_tasks(cluster=STAGE, serviceName="api-stage")["taskArns"]
    stop = shop.fake.backend._handlers["ecs", "StopTask"]

    def refuse_first(asked: Mapping[str, Any]) -> Mapping[str, Any]:
        if asked["task"] == arns[0]:
            raise AwsError("ClientException", "The referenced task was not found.")
        return stop(asked)

    shop.fake.backend.register("ecs", "StopTask", refuse_first)
    told = rf"1 of 2 tasks could not be stopped: .*not found.*; stopped: {arns[1].rpartition('/')[2][:8]}"
    with pytest.raises(OperationError, match=told):
        shop.run("stop-task", "api", *arns, "--reason", "hangs")


def test_a_missing_log_group_is_named(shop: Shop):
    shop.fake.backend.register("logs", "FilterLogEvents", no_log_group)
    with pytest.raises(NotFoundError, match="no log group /ecs/api-stage in eu-west-1, where container `api` writes"):
        shop.run("logs", "api")


def no_log_group(asked: Mapping[str, Any]) -> Mapping[str, Any]:
    raise AwsError("ResourceNotFoundException", "The specified log group does not exist.")


def test_followed_logs_come_though_the_machines_clock_is_fast(shop: Shop):
    target = Place(Whereabouts(), Context(shop.fake.clock, lambda profile: shop.fake.session())).target("api")
    began = shop.fake.clock.now()
    shop.fake.script("api-stage", faults.crash_loop(logs=["KeyError: 'DB_HOST'"]))
    shop.fake.session().client("ecs").update_service(cluster=STAGE, service="api-stage", forceNewDeployment=True)
    fast = SimpleNamespace(now=lambda: shop.fake.clock.now() + 180, sleep=shop.fake.clock.sleep)
    lines = logs.follow(target, logs.sources(target, None), logs.Wanted(since=began), fast, 3.0)
    assert next(lines).text == "KeyError: 'DB_HOST'"


def test_how_long_a_deployment_took_that_ecs_has_forgotten_is_not_told(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.fake.backend.register("ecs", "ListServiceDeployments", lambda asked: {"serviceDeployments": []})
    assert shop.run("watch", "api") == ExitCode.OK
    assert capsys.readouterr().out == "✓ api stage: succeeded: 2 of 2 tasks run, 2 targets are healthy\n"


def test_what_was_rolled_back_is_not_told_with_the_revision_that_runs(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.fake.script("api-stage", faults.pull_error())
    shop.run("deploy", "api", "--image", "9d8e7f6", "--no-checks")
    capsys.readouterr()
    assert shop.run("watch", "api", "--output", "json") == ExitCode.FAILED
    told = capsys.readouterr()
    assert json.loads(told.out)["services"][0]["task_definition"] in {None, "api-stage:2"}
    assert "api-stage:1\n" not in told.err
