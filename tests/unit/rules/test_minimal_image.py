import pytest

from roadworthy.rules.facts.minimal_image import missing_programs
from roadworthy.template.values import HOLE

BOTH = {"curl", "wget"}


@pytest.mark.parametrize(
    ("reference", "missing"),
    [
        ("alpine:3.20", {"curl"}),
        ("python:3.12-alpine", {"curl"}),
        ("docker.io/library/node:22-alpine3.20", {"curl"}),
        ("python:3.12-slim-bookworm", BOTH),
        ("debian", BOTH),
        ("busybox:1.36", {"curl"}),
        ("gcr.io/distroless/static-debian12", {"curl", "wget", "sh", "bash"}),
        ("gcr.io/distroless/static:debug", set()),
        ("nginx:1.27-alpine", set()),
        ("php:8-fpm-alpine", set()),
        ("python:3.12", set()),
        ("python:alpinist", set()),
        ("acme/python:3.12-slim", set()),
        (f"python:{HOLE}", set()),
        (f"{HOLE}/library/alpine:3", {"curl"}),
        (HOLE, set()),
        ("", set()),
    ],
)
def test_only_what_a_public_image_certainly_lacks_is_missing(reference, missing):
    assert missing_programs(reference) == missing
