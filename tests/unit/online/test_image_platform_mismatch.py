import json

import pytest

from roadworthy.online.aws import _download

RULE = "image-platform-mismatch"
HOST = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
INDEX = "application/vnd.oci.image.index.v1+json"
IMAGE = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "sha256:" + "c" * 64
AMD64, ARM64 = {"os": "linux", "architecture": "amd64"}, {"os": "linux", "architecture": "arm64", "variant": "v8"}
WINDOWS = {"os": "windows", "architecture": "amd64", "os.version": "10.0.20348.1"}
ATTESTATION = {"os": "unknown", "architecture": "unknown"}
ON_ARM = {"RuntimePlatform": {"CpuArchitecture": "ARM64", "OperatingSystemFamily": "LINUX"}}
ON_WINDOWS = {"RuntimePlatform": {"OperatingSystemFamily": "WINDOWS_SERVER_2022_CORE", "CpuArchitecture": "X86_64"}}
ONLY_ARM = (RULE, "error", "container `api` runs on `linux/amd64`, but image `shop:good` is built for `linux/arm64`")


@pytest.fixture
def push(client):
    """Push an image of the given platforms as `shop:good`."""

    def build(*platforms):
        listed = [{"digest": "sha256:" + "0" * 64, "platform": each} if each else {} for each in platforms]
        manifest = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": listed})
        client("ecr").create_repository(repositoryName="shop")
        client("ecr").put_image(repositoryName="shop", imageTag="good", imageManifest=manifest)

    return build


@pytest.fixture
def checked(found, task):
    return lambda definition=None: found(task(definition, Image=f"{HOST}/shop:good"))


def test_a_task_runs_on_linux_and_x86_64_unless_it_says_otherwise(push, checked):
    push(ARM64, ATTESTATION)
    assert checked() == [ONLY_ARM]
    assert checked({"RuntimePlatform": {}}) == [ONLY_ARM]
    assert checked(ON_ARM) == []


def test_one_part_for_the_platform_is_enough(push, checked):
    push(AMD64, ARM64)
    assert checked() == checked(ON_ARM) == []


def test_windows_is_compared_too(push, checked):
    push(AMD64)
    message = "container `api` runs on `windows/amd64`, but image `shop:good` is built for `linux/amd64`"
    assert checked(ON_WINDOWS) == [(RULE, "error", message)]


def test_windows_runs_on_windows(push, checked):
    push(WINDOWS)
    assert checked(ON_WINDOWS) == []


@pytest.mark.parametrize("platforms", [(None, ARM64), (ATTESTATION,), ()])
def test_an_image_that_does_not_name_its_platforms_is_silent(push, checked, platforms):
    push(*platforms)
    assert checked() == []


@pytest.mark.parametrize("architecture", [{"Ref": "Cpu"}, {"Fn::GetAtt": ["X", "Y"]}, "SPARC", ["ARM64"]])
def test_a_platform_that_is_not_known_is_silent(push, found, task, architecture):
    push(ARM64)
    definition = {"RuntimePlatform": {"CpuArchitecture": architecture}}
    tree = task(definition, Image=f"{HOST}/shop:good")
    assert found(tree, Parameters={"Cpu": {"Type": "String"}}) == []


def test_each_condition_has_its_own_platform(push, found, task):
    push(ARM64)
    architecture = {"Fn::If": ["Arm", "ARM64", "X86_64"]}
    tree = task({"RuntimePlatform": {"CpuArchitecture": architecture}}, Image=f"{HOST}/shop:good")
    conditions = {"Arm": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}}
    assert found(tree, Conditions=conditions) == [ONLY_ARM]
    tree["Task"]["Properties"]["ContainerDefinitions"][0]["Image"] = {
        "Fn::If": ["Arm", f"{HOST}/shop:good", "nginx:1.29"]
    }
    assert found(tree, Conditions=conditions) == []


def test_outside_fargate_only_a_platform_that_is_written_counts(push, checked):
    push(ARM64)
    on_ec2 = {"RequiresCompatibilities": ["EC2"]}
    assert checked(on_ec2) == []
    assert checked({**on_ec2, "RuntimePlatform": {"CpuArchitecture": "X86_64"}}) == [ONLY_ARM]


@pytest.fixture
def single(stub, aws):
    """An image for one platform, as recorded answers: moto has no layers."""

    def build(downloaded):
        urls = []
        manifest = json.dumps({"schemaVersion": 2, "mediaType": IMAGE, "config": {"digest": CONFIG}, "layers": []})
        named = {"registryId": "123456789012", "repositoryName": "shop"}
        ecr = stub("ecr")
        ecr.add_response("describe_images", {"imageDetails": [{"imageTags": ["good"]}]})
        ecr.add_response("batch_get_image", {"images": [{"imageManifest": manifest}]})
        answer = {"downloadUrl": "https://layers.example/config", "layerDigest": CONFIG}
        ecr.add_response("get_download_url_for_layer", answer, {**named, "layerDigest": CONFIG})
        aws.download = lambda url: urls.append(url) or downloaded
        return urls

    return build


def test_the_configuration_tells_the_platform_of_a_single_image(single, checked):
    urls = single(json.dumps({**ARM64, "config": {}}).encode())
    assert checked() == [ONLY_ARM]
    assert urls == ["https://layers.example/config"]


def test_a_single_image_of_the_right_platform_is_right(single, checked):
    single(json.dumps(AMD64).encode())
    assert checked() == []


@pytest.mark.parametrize("downloaded", [b"", b"\xff", b"[1]", b'{"os": 1}', b'{"os": "linux"}'])
def test_a_configuration_that_cannot_be_read_is_silent(single, checked, downloaded):
    single(downloaded)
    assert checked() == []


def test_only_https_is_downloaded():
    with pytest.raises(ValueError, match="not an HTTPS address"):
        _download("file:///etc/passwd")


def test_a_lacking_permission_is_named(stub, checked):
    ecr = stub("ecr")
    ecr.add_response("describe_images", {"imageDetails": [{"imageTags": ["good"]}]})
    ecr.add_client_error("batch_get_image", "AccessDeniedException", "no", 400)
    message = "the caller lacks ecr:BatchGetImage on arn:aws:ecr:eu-west-1:123456789012:repository/shop"
    assert checked() == [("online-check-skipped", "warning", f"could not check `{RULE}`: {message}")]
