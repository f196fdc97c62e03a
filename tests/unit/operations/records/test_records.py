"""The records of deployments: D1 to D6 of the requirements."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.operations.aws import Aws
from roadworthy.operations.errors import NotFoundError
from roadworthy.operations.records.record import LogLine, Move, Record, Target
from roadworthy.operations.records.sources import of_ci
from roadworthy.operations.records.status import InvalidMoveError, Status
from roadworthy.operations.records.table import ChangedError, RecordTable
from roadworthy.testing import faults
from tests.unit.operations.operate import Shop

RECORD = Record(
    id="20260101-000000-0a1b",
    project="shop",
    environment="stage",
    type="full",
    who="arn:aws:iam::111122223333:user/eve",
    groups=(
        (Target("api", "api-stage", "shop-stage-cluster"),),
        (Target("worker", "worker-stage", "shop-stage-cluster"),),
    ),
    moves=(Move(Status.PENDING, 1_767_225_600_000),),
    branch="main",
    commit="9d8e7f6",
    message="Faster",
)


@pytest.fixture
def table(shop: Shop) -> RecordTable:
    return RecordTable(Aws(shop.fake.session(), "eu-west-1"))


def shown(shop: Shop, capsys: pytest.CaptureFixture[str]) -> dict:
    """The record of the command that was run last."""
    record = json.loads(capsys.readouterr().out)["record"]
    shop.run("show", record, "--output", "json")
    return json.loads(capsys.readouterr().out)


def test_what_is_written_is_read_again(table: RecordTable):
    table.create(RECORD)
    assert table.get(RECORD.id) == RECORD


def test_a_deployment_is_created_once(table: RecordTable):
    table.create(RECORD)
    with pytest.raises(ChangedError, match="somebody else wrote its record"):
        table.create(RECORD)


def test_of_two_writers_the_second_is_refused(table: RecordTable):
    table.create(RECORD)
    table.change(RECORD, to=Status.DEPLOYING, at=1)
    with pytest.raises(ChangedError):
        table.change(RECORD, to=Status.CANCELLED, at=2)
    assert table.get(RECORD.id).status is Status.DEPLOYING


def test_each_status_is_kept_with_its_time(table: RecordTable):
    table.create(RECORD)
    changed = table.change(table.change(RECORD, to=Status.BUILDING, at=5), to=Status.DEPLOYING, at=9)
    assert [(move.status, move.at) for move in table.get(RECORD.id).moves[1:]] == [
        (Status.BUILDING, 5),
        (Status.DEPLOYING, 9),
    ]
    assert changed.version == 3


def test_the_log_is_in_the_order_of_time_whoever_wrote_it(table: RecordTable):
    table.create(RECORD)
    table.write_log(RECORD.id, [LogLine(30, "error", "c")], "two", 1)
    table.write_log(RECORD.id, [LogLine(10, "info", "a"), LogLine(20, "info", "b")], "one", 1)
    assert [line.text for line in table.get(RECORD.id).log] == ["a", "b", "c"]


def test_an_unknown_record_is_not_found(table: RecordTable):
    with pytest.raises(NotFoundError, match="no deployment nothing in table deployments"):
        table.get("nothing")


@given(st.lists(st.sampled_from(list(Status)), max_size=6))
def test_no_sequence_of_moves_leaves_a_final_status(statuses: list[Status]):
    present = Status.PENDING
    for following in statuses:
        try:
            reached = present.move_to(following)
        except InvalidMoveError:
            continue
        assert not present.final
        assert reached is following
        present = reached


def test_a_deployment_passes_through_its_statuses(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.run("deploy", "api", "--image", "9d8e7f6", "--no-checks", "--output", "json", "--branch", "main")
    record = shown(shop, capsys)
    assert [move["status"] for move in record["moves"]] == ["pending", "deploying", "success"]
    assert (record["type"], record["branch"], record["project"], record["environment"]) == (
        "full",
        "main",
        "shop",
        "stage",
    )
    assert record["groups"][0][0]["outcome"] == "succeeded"


def test_a_restart_of_several_has_them_in_groups(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.run("restart", "api", "worker", "--output", "json", "--parallel", "1")
    record = shown(shop, capsys)
    assert [[target["service"] for target in group] for group in record["groups"]] == [["api"], ["worker"]]
    assert (record["type"], [move["status"] for move in record["moves"]]) == (
        "restart_only",
        ["pending", "restarting", "success"],
    )


def test_what_failed_is_in_the_record_with_its_log(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.fake.script("api-stage", faults.crash_loop(3))
    shop.run("restart", "api", "--output", "json")
    record = shown(shop, capsys)
    assert (record["status"], record["error"]) == ("rolled back", "api: rolled back")
    assert any(line["level"] == "error" and "exited with code 3" in line["text"] for line in record["log"])


def test_checks_that_fail_are_in_the_record(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.code("deploy", "api", "--image", "0000000")
    shop.run("history", "api", "--output", "json")
    (record,) = RecordTable(Aws(shop.fake.session(), "eu-west-1")).of_environment("stage", limit=5)
    assert record.status is Status.FAILED
    assert "nothing was deployed: 1 check failed" in record.error


def test_a_declined_deployment_leaves_no_record(shop: Shop):
    assert shop.code("restart", "api", "prod") == ExitCode.DECLINED
    assert shop.made("PutItem") == []


def test_a_record_that_cannot_be_written_is_said_once_and_stops_nothing(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.fake.aws.deny("dynamodb:PutItem")
    assert shop.run("restart", "api") == ExitCode.OK
    assert capsys.readouterr().err.count("not recorded: the credentials lack dynamodb:PutItem") == 1


def test_a_missing_table_is_said_with_its_cure(shop: Shop, capsys: pytest.CaptureFixture[str]):
    assert shop.run("restart", "api", "--record", "elsewhere") == ExitCode.OK
    assert "no table `elsewhere`" in capsys.readouterr().err


def test_nothing_is_recorded_where_that_is_wanted(shop: Shop):
    shop.run("restart", "api", "--record", "off")
    assert shop.made("PutItem") == []


def test_the_records_of_a_service_are_listed_newest_first(table: RecordTable):
    for number in range(3):
        moves = (Move(Status.PENDING, number),)
        table.create(Record(**{**vars(RECORD), "id": f"r{number}", "moves": moves}))
    found = table.of_environment("stage", limit=2, service="api-stage")
    assert [record.id for record in found] == ["r2", "r1"]
    assert table.of_environment("stage", limit=2, service="other") == []


def test_the_ci_tells_branch_and_commit():
    assert of_ci({"GITHUB_REF_NAME": "main", "GITHUB_SHA": "9d8e7f6"}) == {
        "branch": "main",
        "commit": "9d8e7f6",
        "message": "",
    }
