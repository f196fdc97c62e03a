"""What a real client sends is read, and what is answered arrives: for shapes of all of AWS's protocols."""

from datetime import UTC, datetime
from functools import cache

import pytest
from botocore.config import Config
from botocore.model import ListShape, MapShape, StringShape, StructureShape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roadworthy.testing.wire.backend import Backend
from roadworthy.testing.wire.models import operation_model
from roadworthy.testing.wire.session import session

TEXT = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=8)
WORD = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8)
SECONDS = st.integers(946_684_800, 2_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
MILLISECONDS = st.integers(946_684_800_000, 2_000_000_000_000).map(lambda ms: datetime.fromtimestamp(ms / 1000, UTC))
SCALARS = {
    "boolean": st.booleans(),
    "integer": st.integers(1, 2**31 - 1),
    "long": st.integers(1, 2**53),
    "float": st.floats(1, 1e6, width=32),
    "double": st.floats(1, 1e9),
    "blob": st.binary(min_size=1, max_size=8),
}
SIMPLE = (*SCALARS, "string", "timestamp")
DEPTH = 3
# Of each protocol, operations with lists, maps, times, blobs and numbers; (service, operation, method).
OPERATIONS = [
    ("ecs", "UpdateService", "update_service"),  # JSON 1.1
    ("ecs", "DescribeServices", "describe_services"),
    ("dynamodb", "PutItem", "put_item"),  # JSON 1.0, blobs
    ("cloudwatch", "DescribeAlarms", "describe_alarms"),  # JSON, formerly query
    ("elbv2", "DescribeRules", "describe_rules"),  # query
    ("iam", "GetUser", "get_user"),
    ("cloudformation", "DescribeStacks", "describe_stacks"),
    ("rds", "DescribeEvents", "describe_events"),  # query with flattened names
    ("ec2", "DescribeSecurityGroups", "describe_security_groups"),  # EC2's own
    ("ec2", "DescribeSubnets", "describe_subnets"),
    ("lambda", "CreateAlias", "create_alias"),  # REST, JSON
    ("scheduler", "CreateSchedule", "create_schedule"),
    ("route53", "ListResourceRecordSets", "list_resource_record_sets"),  # REST, XML
    ("s3", "GetBucketLifecycleConfiguration", "get_bucket_lifecycle_configuration"),
]


def values(shape, depth=DEPTH, times=MILLISECONDS):
    """Values of a shape; deep down only scalars, and what is required."""
    least = shape.metadata.get("min", 1)
    if isinstance(shape, StructureShape):
        return structures(shape, depth, times)
    if isinstance(shape, ListShape):
        return st.lists(values(shape.member, depth - 1, times), min_size=least, max_size=max(2, least))
    if isinstance(shape, MapShape):
        return st.dictionaries(values(shape.key), values(shape.value, depth - 1, times), min_size=1, max_size=2)
    if isinstance(shape, StringShape):
        letters = WORD if shape.serialization.get("location") or shape.metadata.get("pattern") else TEXT
        return st.sampled_from(shape.enum) if shape.enum else letters.map(lambda text: text.ljust(least, "a"))
    if shape.type_name == "timestamp":
        return SECONDS if shape.serialization.get("timestampFormat") == "rfc822" else times
    return SCALARS[shape.type_name].filter(lambda value: isinstance(value, bool | bytes) or value >= least)


def structures(shape, depth, times):
    near = {name: member for name, member in shape.members.items() if depth > 1 or member.type_name in SIMPLE}
    wanted = {name: values(member, depth - 1, times) for name, member in near.items()}
    if shape.is_tagged_union:
        return st.one_of([st.fixed_dictionaries({name: value}) for name, value in wanted.items()])
    required = {name: values(shape.members[name], depth - 1, times) for name in shape.required_members}
    optional = {name: wanted[name] for name in wanted.keys() - required.keys()}
    found = st.fixed_dictionaries(required, optional=optional)
    return found.filter(bool) if wanted and depth < DEPTH else found  # a form cannot tell an empty one from none


@pytest.fixture(scope="module")
def backend():
    return Backend(now=lambda: 0.0, region="eu-west-1", account="111122223333")


@pytest.fixture(scope="module")
def client(backend):
    own = session(backend)
    return cache(lambda service: own.client(service, config=Config(retries={"total_max_attempts": 1})))


@pytest.mark.parametrize(("service", "operation", "method"), OPERATIONS)
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_call_and_its_answer_arrive_as_they_were_given(backend, client, service, operation, method, data):
    model = operation_model(service, operation)
    parameters = data.draw(values(model.input_shape, times=SECONDS), "parameters")
    answer = data.draw(values(model.output_shape), "answer")
    backend.register(service, operation, lambda _: answer)
    arrived = getattr(client(service), method)(**parameters)
    del arrived["ResponseMetadata"]
    assert arrived == answer
    received = backend.calls[-1].parameters
    assert {name: received[name] for name in parameters} == parameters
