"""DynamoDB's expressions are evaluated, and refused, as DynamoDB does."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from boto3.dynamodb.conditions import Attr, Key
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


@pytest.fixture
def fake():
    fake = FakeEcs()
    fake.neighbours.dynamodb.add_table("deployments", {"id": "S"}, {"by-service": {"service": "S", "at": "N"}})
    return fake


@pytest.fixture
def table(fake):
    table = fake.session().resource("dynamodb").Table("deployments")
    table.put_item(Item=ITEM)
    return table


def refusal(call, **parameters):
    with pytest.raises(ClientError) as error:
        call(**parameters)
    return error.value.response["Error"]


def item(table, id="1"):
    return table.get_item(Key={"id": id}).get("Item")


def change(table, expression, names=None, condition=None, **values):
    given = {
        "UpdateExpression": expression,
        "ExpressionAttributeNames": names,
        "ConditionExpression": condition,
        "ExpressionAttributeValues": {f":{name}": value for name, value in values.items()} or None,
    }
    table.update_item(Key={"id": "1"}, **{name: value for name, value in given.items() if value})
    return item(table)


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


@pytest.mark.parametrize(
    ("expression", "names", "values", "changed"),
    [
        ("SET #s = :s, finished = :t", {"#s": "state"}, {"s": "DONE", "t": 9}, {"state": "DONE", "finished": 9}),
        ("SET #c = #c + :n", {"#c": "count"}, {"n": 2}, {"count": 5}),
        ("SET #c = :n - #c", {"#c": "count"}, {"n": 2}, {"count": -1}),
        ("SET ratio = ratio + :n", None, {"n": Decimal("0.75")}, {"ratio": 1}),
        ("SET #l = list_append(#l, :more)", {"#l": "lines"}, {"more": ["c"]}, {"lines": ["a", "b", "c"]}),
        ("SET past = list_append(if_not_exists(past, :no), :p)", None, {"no": [], "p": ["x"]}, {"past": ["x"]}),
        ("SET started = if_not_exists(started, :t)", None, {"t": 7}, {"started": 7}),
        ("SET #l[0] = :x, #l[9] = :y", {"#l": "lines"}, {"x": "A", "y": "Z"}, {"lines": ["A", "b", "Z"]}),
        ("SET who.#n = :n", {"#n": "name"}, {"n": "bob"}, {"who": {"name": "bob", "roles": {"ci", "ops"}}}),
        ("REMOVE done, #l[0]", {"#l": "lines"}, {}, {"done": None, "lines": ["b"]}),
        ("REMOVE absent", None, {}, {}),
        ("ADD #c :n, fresh :n", {"#c": "count"}, {"n": 4}, {"count": 7, "fresh": 4}),
        ("ADD tags :t", None, {"t": {"x"}}, {"tags": {"x"}}),
        ("DELETE who.#r :r", {"#r": "roles"}, {"r": {"ci"}}, {"who": {"name": "ann", "roles": {"ops"}}}),
        ("set done = :d remove #s add #c :n", {"#s": "state", "#c": "count"}, {"d": True, "n": 1},
         {"done": True, "state": None, "count": 4}),
        ("SET #a = #c, #c = :n", {"#a": "a", "#c": "count"}, {"n": 0}, {"a": 3, "count": 0}),
    ],
)  # fmt: skip
def test_an_update_changes_what_it_says(table, expression, names, values, changed):
    found = change(table, expression, names, **values)
    expected = {**ITEM, **changed}
    gone = [name for name, value in changed.items() if value is None]
    assert {**found, "blob": bytes(found["blob"])} == {k: v for k, v in expected.items() if k not in gone}


def test_an_update_of_no_item_makes_one(table):
    table.update_item(
        Key={"id": "2"}, UpdateExpression="SET who = :w", ExpressionAttributeValues={":w": {"name": "eve"}}
    )
    assert item(table, "2") == {"id": "2", "who": {"name": "eve"}}


def test_an_update_with_a_condition_that_fails_changes_nothing(table):
    with pytest.raises(ClientError, match="The conditional request failed"):
        change(table, "SET ratio = :r", names={"#s": "state"}, condition="#s = :s", r=1, s="DONE")
    assert item(table)["ratio"] == Decimal("0.25")


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("ALL_OLD", {"id": "1", "n": 1, "m": 1}),
        ("ALL_NEW", {"id": "1", "n": 2, "m": 1}),
        ("UPDATED_OLD", {"n": 1}),
        ("UPDATED_NEW", {"n": 2}),
    ],
)
def test_an_update_tells_what_is_wanted_of_it(table, wanted, told):
    table.put_item(Item={"id": "1", "n": 1, "m": 1})
    parameters = {"UpdateExpression": "ADD n :n", "ExpressionAttributeValues": {":n": 1}, "ReturnValues": wanted}
    assert table.update_item(Key={"id": "1"}, **parameters)["Attributes"] == told


def test_a_deleted_item_is_gone(table):
    table.delete_item(Key={"id": "1"}, ConditionExpression=Attr("id").exists())
    assert item(table) is None


@pytest.mark.parametrize(
    ("update", "told"),
    [
        ({"UpdateExpression": "SET state = :s"}, "Attribute name is a reserved keyword; reserved keyword: state"),
        ({"UpdateExpression": "SET x = :y"}, "attribute value used in expression is not defined; attribute value: :y"),
        ({"UpdateExpression": "SET #x = :s"}, "attribute name used in the document path is not defined; name: #x"),
        ({"UpdateExpression": "SET x = y, z = :s"}, "refers to an attribute that does not exist in the item"),
        ({"UpdateExpression": "SET id = :s"}, "Cannot update attribute id. This attribute is part of the key"),
        ({"UpdateExpression": "SET who.x.y = :s"}, "The document path provided in the update expression is invalid"),
        ({"UpdateExpression": "SET ratio[0] = :s"}, "The document path provided in the update expression is invalid"),
        ({"UpdateExpression": "SET x = ratio + :s"}, "An operand in the update expression has an incorrect data type"),
        ({"UpdateExpression": "SET x = list_append(ratio, :s)"}, "has an incorrect data type"),
        ({"UpdateExpression": "ADD ratio :s"}, "has an incorrect data type"),
        ({"UpdateExpression": "SET x = upper(x, :s)"}, "Invalid function name; function: upper"),
        ({"UpdateExpression": "SET x"}, 'Syntax error; token: "<EOF>", near: "SET x"'),
        ({"UpdateExpression": "PUT x = :s"}, 'Syntax error; token: "PUT"'),
        ({"UpdateExpression": "SET x = :s;"}, 'Syntax error; token: ";"'),
        ({"UpdateExpression": "REMOVE x"}, "unused in expressions: keys: {:s}"),
        ({"UpdateExpression": "SET x = :s", "ConditionExpression": "x"}, "Syntax error"),
        ({"UpdateExpression": "SET x = :s", "ConditionExpression": "x = :s)"}, 'Syntax error; token: ")"'),
        ({"UpdateExpression": "SET x = :s", "ConditionExpression": "upper(x)"}, "Invalid function name"),
        ({"UpdateExpression": "SET x = :s", "ConditionExpression": "ratio[x] = :s"}, "Syntax error"),
    ],
)
def test_an_expression_that_dynamodb_refuses_is_refused(table, update, told):
    values = {":s": "x"}
    error = refusal(table.update_item, Key={"id": "1"}, ExpressionAttributeValues=values, **update)
    assert error["Code"] == "ValidationException"
    assert told in error["Message"]


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


def test_a_table_that_does_not_exist_is_refused_as_aws_does(fake):
    absent = fake.session().resource("dynamodb").Table("absent")
    with pytest.raises(absent.meta.client.exceptions.ResourceNotFoundException, match="Requested resource not found"):
        absent.get_item(Key={"id": "1"})


def test_a_projection_shows_a_part(table):
    parameters = {
        "ProjectionExpression": "#c, who.#n, absent",
        "ExpressionAttributeNames": {"#c": "count", "#n": "name"},
    }
    assert table.get_item(Key={"id": "1"}, **parameters)["Item"] == {"count": 3, "who": {"name": "ann"}}


def test_a_table_tells_its_keys(fake, table):
    described = fake.session().client("dynamodb").describe_table(TableName="deployments")["Table"]
    assert described["KeySchema"] == [{"AttributeName": "id", "KeyType": "HASH"}]
    (index,) = described["GlobalSecondaryIndexes"]
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["service", "at"]


@pytest.fixture
def records(table):
    for at in (30, 10, 20, 100):
        table.put_item(Item={"id": f"d{at}", "service": "api", "at": at, "state": "DONE" if at > 15 else "FAILED"})
    table.put_item(Item={"id": "w1", "service": "web", "at": 15})
    return table


def query(records, condition, **parameters):
    answer = records.query(IndexName="by-service", KeyConditionExpression=condition, **parameters)
    return [int(found["at"]) for found in answer["Items"]]


API = Key("service").eq("api")


@pytest.mark.parametrize(
    ("condition", "parameters", "found"),
    [
        (API, {}, [10, 20, 30, 100]),
        (API, {"ScanIndexForward": False, "Limit": 2}, [100, 30]),
        (API & Key("at").gt(20), {}, [30, 100]),
        (API & Key("at").between(10, 20), {}, [10, 20]),
        (API, {"FilterExpression": Attr("state").eq("FAILED")}, [10]),
        (API, {"FilterExpression": Attr("state").eq("DONE"), "Limit": 2}, [20]),
        (Key("service").eq("none"), {"FilterExpression": Attr("state").eq("DONE")}, []),
    ],
)
def test_a_query_reads_a_partition_in_the_order_of_its_sort_key(records, condition, parameters, found):
    assert query(records, condition, **parameters) == found


@pytest.mark.parametrize("forward", [True, False])
def test_pages_of_a_query_follow_each_other(records, forward):
    found, more = [], {}
    while True:
        answer = records.query(
            IndexName="by-service", KeyConditionExpression=API, Limit=3, ScanIndexForward=forward, **more
        )
        found.append([int(one["at"]) for one in answer["Items"]])
        if "LastEvaluatedKey" not in answer:
            break
        more = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
    assert found == ([[10, 20, 30], [100]] if forward else [[100, 30, 20], [10]])


def test_a_query_can_count(records):
    answer = records.query(IndexName="by-service", KeyConditionExpression=API, Select="COUNT")
    assert (answer["Count"], answer["ScannedCount"], "Items" in answer) == (4, 4, False)


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        (Key("at").gt(20), "Query condition missed key schema element: service"),
        (API & Key("state").eq("DONE"), "Query key condition not supported"),
    ],
)
def test_a_query_without_its_key_is_refused(records, condition, told):
    parameters = {"IndexName": "by-service", "KeyConditionExpression": condition}
    assert told in refusal(records.query, **parameters)["Message"]


def test_an_index_that_does_not_exist_is_refused(records):
    parameters = {"IndexName": "by-who", "KeyConditionExpression": API}
    assert "does not have the specified index: by-who" in refusal(records.query, **parameters)["Message"]
