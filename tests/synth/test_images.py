"""Images are pinned, pulled with the right to do so, and built for the task that runs them."""

import json
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecr_assets as ecr_assets
from aws_cdk import aws_ecs as ecs

from roadworthy.patterns import Architecture, Image, InvalidImageError, UnpinnedImageError

pytestmark = pytest.mark.synth

HANDLER = Path(__file__).parents[2] / "containers" / "query_handler"
DIGEST = "sha256:" + "0a" * 32


@pytest.fixture(scope="module")
def stack():
    return cdk.Stack(cdk.App(), "Stack", env=cdk.Environment(region="eu-west-1"))


@pytest.fixture(scope="module")
def repository(stack):
    return ecr.Repository.from_repository_name(stack, "Repository", "greeter")


@pytest.fixture
def rendered(stack):
    def render(image):
        definition = ecs.FargateTaskDefinition(stack, f"Task{len(stack.node.children)}")
        container = definition.add_container("App", image=image.for_container())
        return str(stack.resolve(container.image_name))

    return render


@pytest.mark.parametrize(
    ("arguments", "end"),
    [
        ({"tag": "3f2a9c1d0b7e"}, "/greeter:3f2a9c1d0b7e"),
        ({"tag": "v1.4.2"}, "/greeter:v1.4.2"),
        ({"digest": DIGEST}, f"/greeter@{DIGEST}"),
        ({"reference": DIGEST}, f"/greeter@{DIGEST}"),
    ],
)
def test_a_tag_follows_a_colon_and_a_digest_an_at_sign(rendered, repository, arguments, end):
    assert end in rendered(Image.from_ecr(repository, **arguments))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "needs a tag or a digest"),
        ({"tag": "latest"}, "image tag `latest` is moved with every push: name the commit's hash"),
        ({"tag": ""}, "image reference ''"),
        ({"tag": "a b"}, "image tag 'a b' is no tag"),
        ({"tag": DIGEST}, "a digest is given as digest="),
        ({"digest": "sha256:12"}, "image digest 'sha256:12' is not sha256: and 64 hex digits"),
        ({"tag": "a1", "digest": DIGEST}, "one of tag, digest and reference, not tag and digest"),
    ],
)
def test_what_moves_or_cannot_be_is_refused(repository, arguments, message):
    with pytest.raises(UnpinnedImageError, match=message):
        Image.from_ecr(repository, **arguments)


@pytest.mark.parametrize(
    "name", ["nginx:1.27.3", "public.ecr.aws/nginx/nginx:1.27.3", f"ghcr.io/a/b@{DIGEST}", "localhost:5000/a:1"]
)
def test_a_pinned_image_of_a_registry_is_taken_as_it_is(rendered, name):
    assert rendered(Image.from_registry(name)) == name


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nginx", "image 'nginx' has no tag, which means `latest`"),
        ("nginx:latest", "image 'nginx:latest' has the tag `latest`"),
        ("localhost:5000/nginx", "has no tag"),
        ("https://a/b:1", "begins with a scheme"),
        ("Nginx:1", "upper case"),
        ("nginx:1 2", "white space"),
        ("nginx@sha256:12", "has the digest `sha256:12`"),
        ("$IMAGE", r"image '\$IMAGE' is no reference"),
        ("${REPOSITORY}:1", "is no reference"),
        ("", "is empty"),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/a:1", "is in ECR: use Image.from_ecr"),
    ],
)
def test_an_image_of_a_registry_that_is_not_pinned_is_refused(name, message):
    with pytest.raises(UnpinnedImageError, match=message):
        Image.from_registry(name)


def test_an_asset_is_built_for_the_tasks_architecture_without_docker(tmp_path):
    app = cdk.App(outdir=str(tmp_path))
    definition = ecs.FargateTaskDefinition(cdk.Stack(app, "Asset"), "Task")
    definition.add_container("App", image=Image.from_asset(HANDLER).for_container(Architecture.ARM64))
    manifest = json.loads((Path(app.synth().directory) / "Asset.assets.json").read_text())
    (asset,) = manifest["dockerImages"].values()
    assert (asset["source"]["platform"], asset["source"]["dockerFile"]) == ("linux/arm64", "Dockerfile")


def test_an_asset_for_another_architecture_is_refused():
    image = Image.from_asset(HANDLER, platform=ecr_assets.Platform.LINUX_ARM64)
    with pytest.raises(InvalidImageError, match="is built for linux/arm64, and the task runs on X86_64"):
        image.for_container(Architecture.X86_64)


def test_an_asset_without_a_dockerfile_is_refused(tmp_path):
    with pytest.raises(InvalidImageError, match=r"there is no .*/Dockerfile"):
        Image.from_asset(tmp_path)


def test_tokens_pass(stack, repository, rendered):
    tag = cdk.CfnParameter(stack, "Tag").value_as_string
    assert "{'Ref': 'Tag'}" in rendered(Image.from_ecr(repository, tag=tag))
    assert "@sha256:', {'Fn::Select': [1, {'Fn::Split': [':', {'Ref': 'Tag'}" in rendered(
        Image.from_ecr(repository, digest=tag)
    )
    assert rendered(Image.from_registry(tag)) == "{'Ref': 'Tag'}"
