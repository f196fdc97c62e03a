"""ECR tells which images there are, and for which platforms."""

import json

import pytest

from roadworthy.online.aws import Aws
from roadworthy.online.ecr import Platform, platforms
from roadworthy.online.subjects.images import SURELY, EcrImage
from roadworthy.testing import FakeEcs

NOT_THERE = "does not exist within the repository with name 'shop/api' in the registry with id '111122223333'"
DIGEST = f"sha256:{'4f' * 32}"


@pytest.fixture
def fake():
    fake = FakeEcs()
    fake.add_image("shop/api", "4f1c2ab")
    return fake


@pytest.fixture
def ecr(fake):
    return fake.session().client("ecr")


def test_a_repository_has_its_uri(ecr):
    (repository,) = ecr.describe_repositories(repositoryNames=["shop/api"])["repositories"]
    assert repository["repositoryUri"] == "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/api"
    assert repository["repositoryArn"] == "arn:aws:ecr:eu-west-1:111122223333:repository/shop/api"


def test_an_image_is_found_by_its_tag_and_by_its_digest(fake, ecr):
    fake.add_image("shop/api", "v2", DIGEST)
    (by_tag,) = ecr.describe_images(repositoryName="shop/api", imageIds=[{"imageTag": "v2"}])["imageDetails"]
    (by_digest,) = ecr.describe_images(repositoryName="shop/api", imageIds=[{"imageDigest": DIGEST}])["imageDetails"]
    assert by_tag == by_digest
    assert (by_tag["imageDigest"], by_tag["imageTags"]) == (DIGEST, ["v2"])
    assert by_tag["imagePushedAt"].timestamp() == fake.clock.now()


def test_a_tag_moves_to_the_image_that_is_pushed_last(fake, ecr):
    first = fake.add_image("shop/api", "v2", architectures=["amd64"])
    second = fake.add_image("shop/api", "v2", architectures=["arm64"])
    tags = {image["imageDigest"]: image.get("imageTags") for image in pages(ecr)}
    assert (tags[first], tags[second]) == (None, ["v2"])


def pages(ecr):
    found = ecr.get_paginator("describe_images").paginate(repositoryName="shop/api", PaginationConfig={"PageSize": 1})
    return [image for page in found for image in page["imageDetails"]]


def test_a_tag_and_a_digest_must_be_of_the_same_image(fake, ecr):
    fake.add_image("shop/api", "v2", DIGEST)
    wrong = {"imageTag": "4f1c2ab", "imageDigest": DIGEST}
    with pytest.raises(ecr.exceptions.ImageNotFoundException):
        ecr.describe_images(repositoryName="shop/api", imageIds=[wrong])


def test_a_manifest_lists_the_platforms(fake, ecr):
    fake.add_image("shop/api", "v2", architectures=["amd64", "arm64"])
    (image,) = ecr.batch_get_image(repositoryName="shop/api", imageIds=[{"imageTag": "v2"}])["images"]
    manifests = json.loads(image["imageManifest"])["manifests"]
    found = [f"{entry['platform']['os']}/{entry['platform']['architecture']}" for entry in manifests]
    assert found == ["linux/amd64", "linux/arm64", "unknown/unknown", "unknown/unknown"]
    assert image["imageManifestMediaType"] == "application/vnd.oci.image.index.v1+json"


def test_images_that_are_missing_are_failures(ecr):
    asked = [{"imageTag": "4f1c2ab"}, {"imageTag": "none"}]
    answer = ecr.batch_get_image(repositoryName="shop/api", imageIds=asked)
    assert [image["imageId"]["imageTag"] for image in answer["images"]] == ["4f1c2ab"]
    (failure,) = answer["failures"]
    assert (failure["imageId"], failure["failureCode"]) == ({"imageTag": "none"}, "ImageNotFound")


@pytest.mark.parametrize("index", [True, False])
def test_the_online_checks_read_the_platform(fake, index):
    fake.neighbours.ecr.add_image("shop/api", "arm", architectures=["arm64"], index=index)
    aws = Aws(fake.session(), "eu-west-1", download=fake.neighbours.ecr.download)
    named = {"account": aws.account, "region": aws.region, "repository": "shop/api", "tag": "arm", "digest": None}
    image = EcrImage(None, None, frozenset(), None, **named, partition="aws", starts=SURELY)
    assert platforms(image, aws) == {Platform("linux", "arm64")}


def test_what_is_not_at_a_url_cannot_be_downloaded(fake):
    with pytest.raises(FileNotFoundError):
        fake.neighbours.ecr.download("https://example.com/sha256:00")


def test_an_image_without_an_index_has_one_architecture(fake):
    with pytest.raises(ValueError, match="for one architecture, not for amd64, arm64"):
        fake.neighbours.ecr.add_image("shop/api", "x", architectures=["amd64", "arm64"], index=False)


@pytest.mark.parametrize(
    ("method", "parameters", "error", "message"),
    [
        (
            "describe_images",
            {"repositoryName": "none"},
            "RepositoryNotFoundException",
            "The repository with name 'none' does not exist in the registry with id '111122223333'",
        ),
        (
            "describe_images",
            {"repositoryName": "shop/api", "imageIds": [{"imageTag": "none"}]},
            "ImageNotFoundException",
            f"The image with imageId {{imageDigest:'null', imageTag:'none'}} {NOT_THERE}",
        ),
        (
            "get_download_url_for_layer",
            {"repositoryName": "shop/api", "layerDigest": DIGEST},
            "LayersNotFoundException",
            f"The layer with digest '{DIGEST}' {NOT_THERE}",
        ),
        (
            "describe_repositories",
            {"repositoryNames": ["none"]},
            "RepositoryNotFoundException",
            "The repository with name 'none' does not exist in the registry with id '111122223333'",
        ),
    ],
)
def test_what_does_not_exist_is_refused_as_aws_does(ecr, method, parameters, error, message):
    with pytest.raises(getattr(ecr.exceptions, error)) as refused:
        getattr(ecr, method)(**parameters)
    assert refused.value.response["Error"]["Message"] == message


def test_the_same_push_has_the_same_digest():
    assert FakeEcs().add_image("a", "1") == FakeEcs().add_image("a", "1")
    assert FakeEcs().add_image("a", "1") != FakeEcs().add_image("a", "2")
