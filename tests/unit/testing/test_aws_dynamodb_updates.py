"""DynamoDB's update expressions change what they say, and are refused, as DynamoDB does."""

from decimal import Decimal

import pytest
from botocore.exceptions import ClientError

from tests.unit.testing.dynamodb_lab import ITEM, a_table, item, refusal


@pytest.fixture
def table():
    return a_table()[1]


def change(table, expression, names=None, condition=None, **values):
    given = {
        "UpdateExpression": expression,
        "ExpressionAttributeNames": names,
        "ConditionExpression": condition,
        "ExpressionAttributeValues": {f":{name}": value for name, value in values.items()} or None,
    }
    table.update_item(Key={"id": "1"}, **{name: value for name, value in given.items() if value})
    return item(table)


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
