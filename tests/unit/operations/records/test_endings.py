"""A record ends with its command, however that ends."""

import json

import pytest

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.cli.output import OutputError
from roadworthy.operations.aws import Aws
from roadworthy.operations.context import Context
from roadworthy.operations.ecs.cluster import Cluster
from roadworthy.operations.errors import OperationError
from roadworthy.operations.follow.events import Ended
from roadworthy.operations.follow.outcome import Outcome
from roadworthy.operations.place import Place, Target, Whereabouts
from roadworthy.operations.records.recorder import Recorder, new_record
from roadworthy.operations.records.status import Status
from roadworthy.operations.records.table import RecordTable
from roadworthy.testing.wire.errors import AwsError
from tests.unit.operations.operate import STAGE, Shop


def recorded(shop: Shop, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    """The newest record of the api."""
    capsys.readouterr()
    shop.run("history", "api", "--output", "json")
    newest = json.loads(capsys.readouterr().out)[0]["record"]
    shop.run("show", newest, "--output", "json")
    return json.loads(capsys.readouterr().out)


def full_disk(text: str) -> None:
    raise OutputError("standard output: no space left on device")


def size(value: object) -> int:
    """Bytes of a value in DynamoDB: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html"""
    if isinstance(value, dict):
        return 3 + sum(1 + len(name) + size(each) for name, each in value.items())
    return 3 + sum(1 + size(each) for each in value) if isinstance(value, list) else len(str(value))


def unreachable(asked: object) -> dict[str, object]:
    raise AwsError("AccessDenied", "explicit deny in a service control policy")


def test_a_result_that_cannot_be_written_leaves_the_record_as_it_ended(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("roadworthy.cli.operate.rolling.emit", full_disk)
    with pytest.raises(OutputError):
        shop.run("restart", "api")
    assert recorded(shop, capsys)["status"] == "success"


def test_a_fault_in_the_middle_fails_the_record(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("roadworthy.operations.follow.drive.look", lambda live: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        shop.run("restart", "api")
    ids = {item["deployment_id"]["S"] for made in shop.made("PutItem") for item in [made["Item"]]}
    shop.run("show", *ids, "--output", "json")
    shown = json.loads(capsys.readouterr().out)
    assert (shown["status"], shown["error"]) == ("failed", "division by zero")


def test_lines_that_cannot_be_written_do_not_keep_the_end_from_it(shop: Shop, capsys: pytest.CaptureFixture[str]):
    put = shop.fake.backend._handlers["dynamodb", "PutItem"]

    def refuse_lines(asked: dict[str, dict[str, dict[str, str]]]) -> object:
        if asked["Item"]["item"]["S"].startswith("log#"):
            raise AwsError("ValidationException", "too large")
        return put(asked)

    shop.fake.backend.register("dynamodb", "PutItem", refuse_lines)  # type: ignore[arg-type]
    assert shop.run("restart", "api") == ExitCode.OK
    assert capsys.readouterr().err.count("not recorded") == 1
    assert recorded(shop, capsys)["status"] == "success"


def test_who_it_was_need_not_be_known(shop: Shop, capsys: pytest.CaptureFixture[str]):
    shop.fake.backend.register("sts", "GetCallerIdentity", unreachable)
    assert shop.run("restart", "api") == ExitCode.OK
    assert recorded(shop, capsys)["who"] == ""


def test_a_thousand_services_that_fail_have_room_in_a_record(shop: Shop):
    cluster = Cluster(Aws(shop.fake.session(), "eu-west-1"), STAGE)
    names = [f"a-service-with-a-rather-long-name-{number:04d}" for number in range(1000)]
    services = [Target(cluster, f"{name}-stage", name, "stage", guarded=False, entry=None) for name in names]
    place = Place(Whereabouts(environment="stage"), Context(shop.fake.clock, lambda profile: shop.fake.session()))
    record = new_record(type="restart_only", place=place, groups=[services], clock=shop.fake.clock, message="x" * 9000)
    recorder = Recorder(RecordTable(cluster.aws), record, shop.fake.clock, pytest.fail)
    recorder.begin()
    recorder.move(Status.RESTARTING)
    arn = f"arn:aws:ecs:eu-west-1:111122223333:service-deployment/{STAGE}/{names[0]}-stage/0123456789abcdef01234"
    recorder.end([Ended(each, Outcome.ROLLED_BACK, why="w" * 900, deployment=arn) for each in services])
    assert size(recorder.record.as_json()) < 400 * 1024


def test_without_an_active_service_nothing_is_recorded(shop: Shop):
    assert shop.run("restart", "mailer") == ExitCode.OK
    assert shop.made("PutItem") == []


def test_what_something_else_wrote_into_the_table_is_passed_over(shop: Shop, capsys: pytest.CaptureFixture[str]):
    foreign = {"deployment_id": {"S": "x"}, "item": {"S": "deployment"}, "environment": {"S": "stage"}}
    dynamodb = shop.fake.session().client("dynamodb")
    dynamodb.put_item(TableName="deployments", Item={**foreign, "created_at": {"N": "9999999999999"}})
    shop.run("restart", "api")
    assert recorded(shop, capsys)["status"] == "success"
    with pytest.raises(OperationError, match="deployment x in table deployments is no record that this release reads"):
        shop.run("show", "x")
