"""Commands become notifications: none lost, none twice, poison kept aside."""

import json

import pytest

from tests.e2e.conftest import command, eventually

pytestmark = pytest.mark.e2e


def test_of_300_commands_297_arrive_and_3_poisoned_ones_are_dead_letters(service, user):
    poisoned = {50, 150, 299}
    service.dead_letters()
    service.write(
        *(command(user, number, status="NONSENSE" if number in poisoned else "SENT") for number in range(300))
    )
    letters: list[str] = []

    def all_settled() -> bool:
        letters.extend(service.dead_letters())
        return len(letters) >= 3 and len(service.notifications(user)) >= 297

    eventually(all_settled, seconds=180)
    arrived = sorted(item["transaction_id"] for item in service.notifications(user))
    assert arrived == sorted(f"{user}-tx-{number}" for number in range(300) if number not in poisoned)
    assert len(letters) == 3
    assert all(any(f"{user}-tx-{number}" in letter for letter in letters) for number in poisoned)


def test_two_notifications_of_one_user_in_one_millisecond_both_survive(service, user):
    moment = 1_700_000_000_000
    service.write(*(command(user, number, created_at=moment) for number in range(3)))
    eventually(lambda: len(service.notifications(user)) == 3)
    stored = service.notifications(user)
    assert {item["transaction_id"] for item in stored} == {f"{user}-tx-{number}" for number in range(3)}
    assert sorted(item["created_at"] for item in stored) == [moment, moment + 1, moment + 2]


def test_a_changed_command_changes_its_notification_and_makes_no_second_one(service, user):
    service.write(command(user))
    eventually(lambda: len(service.notifications(user)) == 1)
    service.write(command(user, status="FAILED", error_msg="device gone"))
    eventually(lambda: service.notifications(user)[0]["status"] == "FAILED")
    (stored,) = service.notifications(user)
    assert stored["error_msg"] == "device gone"


def test_a_replayed_record_makes_no_second_notification(service, user):
    service.write(command(user), command(user, 1, created_at=1_700_000_000_000))
    eventually(lambda: len(service.notifications(user)) == 2)
    replay = {
        "eventID": "replay",
        "eventName": "INSERT",
        "eventSource": "aws:dynamodb",
        "dynamodb": {
            "Keys": {},
            "NewImage": {
                name: {"N": str(value)} if isinstance(value, int) else {"S": value}
                for name, value in command(user, 1, created_at=1_700_000_000_000).items()
            },
            "SequenceNumber": "1",
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
    }
    answer = service.aws.client("lambda").invoke(
        FunctionName="query-service-stream-processor", Payload=json.dumps({"Records": [replay]}).encode()
    )
    assert json.loads(answer["Payload"].read()) == {"batchItemFailures": []}
    assert len(service.notifications(user)) == 2
