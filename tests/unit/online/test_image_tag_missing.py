import json

import boto3
import pytest
from moto import mock_aws

from roadworthy.online.assets import Assets
from roadworthy.online.aws import Aws
from roadworthy.online.deployment import Deployment
from roadworthy.online.subjects.images import ecr_images
from roadworthy.template.document import TEMPLATE, Document
from roadworthy.template.sources import read

RULE = "image-tag-missing"
HOST = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
INDEX = "application/vnd.oci.image.index.v1+json"
AMD64 = {"digest": "sha256:" + "0" * 64, "platform": {"os": "linux", "architecture": "amd64"}}
MANIFEST = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": [AMD64]})
ABSENT = (
    RULE,
    "error",
    "container `api` uses `shop:82f44fb`, which the repository in account 123456789012, region eu-west-1 does not have",
)
UNKNOWN = {"Ref": "Tag"}


@pytest.fixture
def repository(client):
    """The repository `shop`, whose one image has the tag `good`."""
    client("ecr").create_repository(repositoryName="shop")
    answer = client("ecr").put_image(repositoryName="shop", imageTag="good", imageManifest=MANIFEST)
    return answer["image"]["imageId"]["imageDigest"]


@pytest.fixture
def no_cache(stub):
    """moto knows no pull-through caches: the image and the rules are recorded answers."""

    def build(prefixes=(), code="ImageNotFoundException"):
        ecr = stub("ecr")
        ecr.add_client_error("describe_images", code, "no", 400)
        ecr.add_response(
            "describe_pull_through_cache_rules",
            {"pullThroughCacheRules": [{"ecrRepositoryPrefix": prefix} for prefix in prefixes]},
            {"registryId": "123456789012", "maxResults": 1000},
        )

    return build


def test_an_image_that_exists_by_tag_or_digest_is_right(found, task, repository):
    assert found(task(Image=f"{HOST}/shop:good")) == []
    assert found(task(Image=f"{HOST}/shop@{repository}")) == []
    assert found(task(Image=f"{HOST}/shop:whatever@{repository}")) == []


def test_a_tag_that_ecr_does_not_have_is_an_error(found, task, no_cache):
    no_cache()
    assert found(task(Image=f"{HOST}/shop:82f44fb")) == [ABSENT]


def test_pseudo_parameters_are_the_sessions(found, task, no_cache):
    no_cache()
    host = "${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}"
    assert found(task(Image={"Fn::Sub": f"{host}/shop:82f44fb"})) == [ABSENT]


def test_a_repository_that_does_not_exist_is_an_error(found, task, no_cache):
    no_cache(code="RepositoryNotFoundException")
    message = "container `api` uses `shop:latest`, but in account 123456789012, region eu-west-1"
    assert found(task(Image=f"{HOST}/shop")) == [(RULE, "error", f"{message} there is no repository `shop`")]


@pytest.mark.parametrize("prefix", ["docker-hub", "ROOT"])
def test_what_a_pull_through_cache_will_fetch_is_not_missing(found, task, no_cache, prefix):
    no_cache([prefix])
    assert found(task(Image=f"{HOST}/docker-hub/library/nginx:1.29")) == []


def test_a_prefix_of_a_pull_through_cache_is_a_whole_folder(found, task, no_cache):
    no_cache(["sho"])
    assert found(task(Image=f"{HOST}/shop:82f44fb")) == [ABSENT]


@pytest.mark.parametrize(
    "image",
    [
        UNKNOWN,
        {"Fn::Sub": f"{HOST}/shop:${{Tag}}"},
        {"Fn::Sub": "${Repository}:82f44fb"},
        f"{HOST}/<IMAGE>",
        f"{HOST}/shop:IMAGE_TAG",
        f"{HOST}/shop@sha256:abc",
        f"{HOST}/cdk-hnb659fds-container-assets-123456789012-eu-west-1:abc",
        "nginx:1.29",
        "public.ecr.aws/nginx/nginx:1.29",
        {"Ref": "AWS::NoValue"},
        7,
        [f"{HOST}/shop:82f44fb"],
    ],
)
def test_what_is_not_known_or_not_ours_is_not_asked_about(found, task, image, deny):
    deny("ecr", "describe_images")
    parameters = {"Tag": {"Type": "String"}}
    repository = {"Repository": {"Type": "AWS::ECR::Repository", "Properties": {}}}
    assert found({**task(Image=image), **repository}, Parameters=parameters) == []


def test_a_repository_of_the_same_template_is_not_asked_about(found, task, deny):
    deny("ecr", "describe_images")
    repository = {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryName": "shop"}}
    assert found({**task(Image=f"{HOST}/shop:82f44fb"), "Repository": repository}) == []


@pytest.mark.parametrize(
    ("count", "severity"), [(0, None), ("0", None), ({"Fn::GetAtt": ["Gate", "Count"]}, "warning"), (2, "error")]
)
def test_it_matters_whether_tasks_are_wanted(found, task, service, no_cache, count, severity):
    no_cache()
    gate = {"Gate": {"Type": "Custom::Gate", "Properties": {}}}
    findings = found({**task(Image=f"{HOST}/shop:82f44fb"), **service(DesiredCount=count), **gate})
    assert [each[1] for each in findings if each[0] == RULE] == ([severity] if severity else [])


def test_the_default_of_a_parameter_makes_it_a_warning(found, task, no_cache):
    no_cache()
    parameters = {"Tag": {"Type": "String", "Default": "82f44fb"}}
    findings = found(task(Image={"Fn::Sub": f"{HOST}/shop:${{Tag}}"}), Parameters=parameters)
    assert findings == [(RULE, "warning", f"{ABSENT[2]} (by the default of parameter `Tag`)")]


def test_a_lacking_permission_is_named_once_for_all_that_needs_it(found, task, deny):
    deny("ecr", "describe_images")
    ((rule, severity, message),) = found(task(Image=f"{HOST}/shop:82f44fb"))
    assert (rule, severity) == ("online-check-skipped", "warning")
    assert message == (
        "could not check `image-platform-mismatch`, `image-tag-missing`: the caller lacks ecr:DescribeImages "
        "on arn:aws:ecr:eu-west-1:123456789012:repository/shop"
    )


@pytest.mark.parametrize("code", ["AccessDeniedException", "RepositoryNotFoundException"])
def test_another_account_that_does_not_tell_is_silent(found, task, deny, code):
    deny("ecr", "describe_images", code)
    assert found(task(Image="999999999999.dkr.ecr.eu-west-1.amazonaws.com/shop:82f44fb")) == []


def test_another_region_is_asked_there(found, task, client):
    client("ecr", "us-east-2").create_repository(repositoryName="shop")
    client("ecr", "us-east-2").put_image(repositoryName="shop", imageTag="good", imageManifest=MANIFEST)
    assert found(task(Image="123456789012.dkr.ecr.us-east-2.amazonaws.com/shop:good")) == []


def test_the_images_that_the_cdk_pushes_itself_are_not_asked_about(tmp_path):
    manifest = {"dockerImages": {"x": {"destinations": {"d": {"repositoryName": "own", "imageTag": "abc"}}}}}
    (tmp_path / "Shop.assets.json").write_text(json.dumps(manifest))
    (tmp_path / "Broken.assets.json").write_text('{"dockerImages": [1]}')
    document = Document(file=str(tmp_path / "Shop.json"), text="", syntax="json", kind=TEMPLATE, tree={})
    document.synthesized = True
    assert Assets().bring("own", "abc", document)
    assert not Assets().bring("own", "def", document)


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [("cn-north-1", "aws-cn", "amazonaws.com.cn"), ("us-gov-west-1", "aws-us-gov", "amazonaws.com")],
)
def test_every_partition_has_its_names(task, tmp_path, region, partition, suffix):
    with mock_aws():
        aws = Aws(boto3.Session(region_name=region), region)
    image = {"Fn::Sub": "${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/shop:good"}
    (tmp_path / "t.json").write_text(json.dumps({"Resources": task(Image=image)}))
    (found,) = ecr_images(Deployment(read([str(tmp_path / "t.json")]).documents, aws))
    assert (found.region, found.repository_arn) == (
        region,
        f"arn:{partition}:ecr:{region}:{aws.account}:repository/shop",
    )
    assert aws.url_suffix(region) == suffix
