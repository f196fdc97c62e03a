"""What is told is told once, and never held back."""

import pytest
from deployment_notifier.deliveries import KEPT_SECONDS, LEASE_SECONDS, BusyError, Deliveries
from deployment_notifier.handler import handler

from tests.unit.lambdas.deployment_notifier.events import TABLE, deployment, expect_rollout


def test_an_event_that_is_given_twice_is_published_once(ecs, published):
    for _ in range(2):
        expect_rollout(ecs)
        handler(deployment(), None)
    assert len(published) == 1


def test_a_sender_that_died_is_replaced_after_its_lease(table):
    clock = [0.0]
    deliveries = Deliveries(table, TABLE, now=lambda: clock[0])
    assert deliveries._take("key")
    with pytest.raises(BusyError, match="key is being sent"):
        deliveries.once("key", lambda: None)
    clock[0] = LEASE_SECONDS + 1
    assert deliveries.once("key", lambda: None)


def test_deliveries_expire(table):
    Deliveries(table, TABLE, now=lambda: 1000.0).once("key", lambda: None)
    item = table.get_item(TableName=TABLE, Key={"id": {"S": "key"}})["Item"]
    assert item["expires_at"] == {"N": str(1000 + KEPT_SECONDS)}


def test_a_table_that_is_gone_holds_nothing_back(table):
    sent: list[int] = []
    assert Deliveries(table, "gone").once("key", lambda: sent.append(1))
    assert sent == [1]
