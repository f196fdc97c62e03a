"""DynamoDB's queries read one partition, in order, page by page."""

import pytest
from boto3.dynamodb.conditions import Attr, Key

from tests.unit.testing.dynamodb_lab import a_table, refusal


@pytest.fixture
def table():
    return a_table()[1]


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
