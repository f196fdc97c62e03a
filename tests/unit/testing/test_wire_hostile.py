"""Whatever is sent, the wire answers; it never breaks."""

import json
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roadworthy.testing.wire.addresses import addressee
from roadworthy.testing.wire.backend import AwsError, Backend
from roadworthy.testing.wire.errors import NotPlayedError
from roadworthy.testing.wire.exchange import exchange
from roadworthy.testing.wire.http import Request, decompressed
from roadworthy.testing.wire.models import operation_model
from roadworthy.testing.wire.protocols import json_rpc

REFUSED = (b"SerializationException", b"ValidationException")
NAMES = st.sampled_from(
    ["services", "cluster", "createdAt", "before", "after", "Item", "id", "B", "N", "S", "M", "L", "Filters", "Values"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)
FORM = st.lists(
    st.tuples(
        st.lists(st.sampled_from(["Filter", "Name", "Value", "member", "1", "2", "x", "", "Targets"]), min_size=1),
        st.text(string.printable, max_size=5),
    ),
    max_size=4,
)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "authorization": st.sampled_from(["", "ecs", "s3"]).map("Credential=a/20260101/r/{}/aws4_request".format),
        "x-amz-target": st.sampled_from(["", ".", "x.y", "AmazonEC2ContainerServiceV20141113.ListServices"]),
        "content-type": st.sampled_from(["", "application/x-www-form-urlencoded"]),
        "content-encoding": st.just("gzip"),
    },
)
PLAYED = [
    ("ecs", "ListServiceDeployments"), ("dynamodb", "PutItem"), ("cloudwatch", "DescribeAlarms"),
    ("elbv2", "DescribeTargetHealth"), ("ec2", "DescribeSubnets"), ("lambda", "Invoke"), ("s3", "PutBucketTagging"),
]  # fmt: skip


@pytest.fixture(scope="module")
def backend():
    backend = Backend(now=lambda: 0.0, region="eu-west-1", account="111122223333")
    for service, operation in PLAYED:
        backend.register(service, operation, lambda _: {})
    return backend


def form(fields):
    return "&".join(f"{'.'.join(name)}={text}" for name, text in fields).encode()


BODIES = st.binary(max_size=20) | FORM.map(form) | JSON.map(lambda value: json.dumps(value).encode())


@pytest.mark.parametrize(("service", "operation"), PLAYED)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=BODIES, path=st.text(string.printable, max_size=10), query=st.text(string.printable, max_size=10))
def test_any_body_is_answered_or_refused(backend, service, operation, body, path, query):
    reply = exchange(backend, Request("POST", f"/{path}", query, {}, body), service, operation)
    assert reply.status == 200 or any(code in reply.body + str(reply.headers).encode() for code in REFUSED)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=BODIES, headers=HEADERS, path=st.text(string.printable, max_size=10))
def test_any_request_has_an_addressee_or_is_refused(backend, body, headers, path):
    request = Request("POST", f"/{path}", "", headers, decompressed(headers, body))
    try:
        found = addressee(request, backend.services)
    except (AwsError, NotPlayedError):
        return
    assert found[0] in backend.services


def test_a_text_in_the_place_of_a_list_is_refused_and_not_taken_letter_by_letter():
    model = operation_model("ecs", "DescribeServices")
    with pytest.raises(TypeError, match="'api' is no list"):
        json_rpc.read(Request("POST", "/", "", {}, b'{"services": "api"}'), model)
