"""Which image a tag or a digest means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.operations.image_reference import ImageReferenceError, repository_of, resolved, version_of

DIGEST = "sha256:" + "a" * 64
PRESENT = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/api:4f1c2ab"
REPOSITORY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/api"


@pytest.mark.parametrize(
    ("given_", "whole"),
    [
        ("9d8e7f6", f"{REPOSITORY}:9d8e7f6"),
        (DIGEST, f"{REPOSITORY}@{DIGEST}"),
        ("public.ecr.aws/nginx/nginx:1.27.3", "public.ecr.aws/nginx/nginx:1.27.3"),
        (f"localhost:5000/api@{DIGEST}", f"localhost:5000/api@{DIGEST}"),
    ],
)
def test_a_tag_or_a_digest_is_of_the_repository_that_runs(given_: str, whole: str):
    assert resolved(given_, PRESENT) == whole


@pytest.mark.parametrize(
    "image", ["latest", "nginx:latest", "public.ecr.aws/nginx/nginx", "-x", "a b", "", "$TAG", "Upper:1"]
)
def test_what_is_not_pinned_or_no_image_is_refused_with_its_value(image: str):
    with pytest.raises(ImageReferenceError) as refused:
        resolved(image, PRESENT)
    assert repr(image) in str(refused.value)


@pytest.mark.parametrize(
    ("reference", "repository", "version"),
    [
        (PRESENT, REPOSITORY, "4f1c2ab"),
        (f"{REPOSITORY}@{DIGEST}", REPOSITORY, "a" * 12),
        (f"{REPOSITORY}:v1@{DIGEST}", REPOSITORY, "v1"),
        ("localhost:5000/api", "localhost:5000/api", "latest"),
    ],
)
def test_a_reference_is_a_repository_and_a_version(reference: str, repository: str, version: str):
    assert (repository_of(reference), version_of(reference)) == (repository, version)


@given(st.text(max_size=60))
def test_any_text_is_an_image_or_refused(text: str):
    try:
        assert resolved(text, PRESENT).startswith((REPOSITORY, text))
    except ImageReferenceError:
        return
