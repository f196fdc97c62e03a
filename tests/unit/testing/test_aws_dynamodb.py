"""DynamoDB keeps items, and evaluates conditions on them, as DynamoDB does."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from boto3.dynamodb.conditions import Attr
from botocore.exceptions import ClientError

from tests.unit.testing.dynamodb_lab import ITEM, a_table, item, refusal


@pytest.fixture
def table():
    return a_table()[1]


def test_an_item_comes_back_as_it_was_put(table):
    found = item(table)
    assert {**found, "blob": bytes(found["blob"])} == ITEM


def test_an_item_that_is_not_there_is_absent(table):
    assert item(table, "2") is None


def test_an_item_is_replaced_as_a_whole(table):
    old = table.put_item(Item={"id": "1", "state": "DONE"}, ReturnValues="ALL_OLD")["Attributes"]
    assert old["count"] == 3
    assert item(table) == {"id": "1", "state": "DONE"}


HOLDS = [
    Attr("id").exists(),
    Attr("error").not_exists(),
    Attr("who.name").eq("ann"),
    Attr("lines[1]").eq("b"),
    Attr("count").eq(3) & Attr("ratio").lt(1),
    Attr("count").gt(5) | Attr("done").eq(False),
    ~Attr("state").eq("DONE"),
    Attr("state").ne("DONE"),
    Attr("error").ne("x"),
    Attr("count").between(3, 5),
    Attr("state").is_in(["DONE", "RUNNING"]),
    Attr("state").begins_with("RUN"),
    Attr("state").contains("NN"),
    Attr("lines").contains("a"),
    Attr("who.roles").contains("ci"),
    Attr("lines").size().eq(2),
    Attr("who").size().gte(2),
    Attr("none").attribute_type("NULL"),
    Attr("count").gte(3) & Attr("count").lte(3) & ~(Attr("count").lt(3) | Attr("count").gt(3)),
]


@pytest.mark.parametrize("condition", HOLDS)
def test_a_condition_that_holds_lets_the_item_be_put(table, condition):
    table.put_item(Item={"id": "1"}, ConditionExpression=condition)
    assert item(table) == {"id": "1"}


@pytest.mark.parametrize("condition", HOLDS)
def test_a_condition_that_does_not_hold_leaves_the_item(table, condition):
    error = refusal(table.put_item, Item={"id": "1"}, ConditionExpression=~condition)
    assert (error["Code"], error["Message"]) == ("ConditionalCheckFailedException", "The conditional request failed")
    assert item(table)["count"] == 3


@pytest.mark.parametrize(
    "condition",
    [
        Attr("error").eq("x"),
        Attr("error").lt("x"),
        Attr("count").lt("5"),
        Attr("count").eq("3"),
        Attr("none").lt(1),
        Attr("lines[7]").exists(),
        Attr("lines.name").exists(),
        Attr("state[0]").exists(),
        Attr("count").begins_with("3"),
        Attr("count").contains("3"),
        Attr("error").size().gt(0),
    ],
)
def test_what_is_absent_or_of_another_type_never_holds(table, condition):
    assert refusal(table.put_item, Item={"id": "1"}, ConditionExpression=condition)["Code"] == (
        "ConditionalCheckFailedException"
    )


def test_the_item_that_failed_the_condition_can_be_told(table):
    with pytest.raises(ClientError) as error:
        table.put_item(
            Item={"id": "1"},
            ConditionExpression="attribute_not_exists(id)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    assert error.value.response["Item"]["state"] == {"S": "RUNNING"}


def test_of_sixteen_writers_with_a_condition_one_wins(table):
    def claim(number):
        try:
            table.put_item(Item={"id": "lock", "by": number}, ConditionExpression="attribute_not_exists(id)")
        except ClientError:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        won = list(pool.map(claim, range(16)))
    assert won.count(True) == 1
    assert item(table, "lock")["by"] == won.index(True)


def test_a_deleted_item_is_gone(table):
    table.delete_item(Key={"id": "1"}, ConditionExpression=Attr("id").exists())
    assert item(table) is None


@pytest.mark.parametrize(
    ("method", "parameters", "told"),
    [
        ("put_item", {"Item": {"x": 1}}, "Missing the key id in the item"),
        ("put_item", {"Item": {"id": 1}}, "Type mismatch for key"),
        ("get_item", {"Key": {"x": "1"}}, "The provided key element does not match the schema"),
        ("get_item", {"Key": {"id": "1", "x": "1"}}, "The provided key element does not match the schema"),
        ("get_item", {"Key": {"id": "1"}, "AttributesToGet": ["x"]}, "AttributesToGet is a legacy parameter"),
    ],
)
def test_a_key_that_does_not_fit_is_refused(table, method, parameters, told):
    error = refusal(getattr(table, method), **parameters)
    assert error["Code"] == "ValidationException"
    assert told in error["Message"]


def test_a_table_that_does_not_exist_is_refused_as_aws_does():
    fake, _ = a_table()
    absent = fake.session().resource("dynamodb").Table("absent")
    with pytest.raises(absent.meta.client.exceptions.ResourceNotFoundException, match="Requested resource not found"):
        absent.get_item(Key={"id": "1"})


def test_a_projection_shows_a_part(table):
    parameters = {
        "ProjectionExpression": "#c, who.#n, absent",
        "ExpressionAttributeNames": {"#c": "count", "#n": "name"},
    }
    assert table.get_item(Key={"id": "1"}, **parameters)["Item"] == {"count": 3, "who": {"name": "ann"}}


def test_a_table_tells_its_keys():
    fake, _ = a_table()
    described = fake.session().client("dynamodb").describe_table(TableName="deployments")["Table"]
    assert described["KeySchema"] == [{"AttributeName": "id", "KeyType": "HASH"}]
    (index,) = described["GlobalSecondaryIndexes"]
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["service", "at"]
