"""A table for the tests of DynamoDB, with one item in it."""

from decimal import Decimal
from functools import cache

import pytest
from botocore.exceptions import ClientError

from roadworthy.testing import FakeEcs

ITEM = {
    "id": "1",
    "state": "RUNNING",
    "count": 3,
    "ratio": Decimal("0.25"),
    "lines": ["a", "b"],
    "who": {"name": "ann", "roles": {"ci", "ops"}},
    "blob": b"\x00\x01",
    "none": None,
    "done": False,
}


@cache
def _resource():
    fake = FakeEcs()
    return fake, fake.session().resource("dynamodb").Table("deployments")


def a_table():
    """A fake with the table `deployments`, new each time, and boto3's resource for the table."""
    fake, table = _resource()
    fake.neighbours.dynamodb.add_table("deployments", {"id": "S"}, {"by-service": {"service": "S", "at": "N"}})
    table.put_item(Item=ITEM)
    return fake, table


def refusal(call, **parameters):
    with pytest.raises(ClientError) as error:
        call(**parameters)
    return error.value.response["Error"]


def item(table, id="1"):
    return table.get_item(Key={"id": id}).get("Item")
