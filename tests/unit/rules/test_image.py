import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.rules.facts.image import Image, follows_latest, parse_image
from roadworthy.template.values import HOLE

H = HOLE
LATEST = ["nginx", "nginx:latest", "library/nginx", "repo:5000/app", "repo:5000/app:latest", f"{H}:latest", f"{H}/app"]
LATEST += [f"{H}.dkr.ecr.{H}.amazonaws.com/api:latest", "${REGISTRY}/api:latest", "<account>/api", "public.ecr.aws/x/y"]
FIXED = [
    "nginx:1.27",
    "app:amd64-latest",
    "app:latest-amd64",
    "app@sha256:" + "0" * 64,
    "app:latest@sha256:" + "0" * 64,
]
FIXED += ["repo:5000/app:1", f"app:{H}", f"app@{H}", "app:Latest"]
OPEN = [H, f"{H}latest", f"app{H}", f"{H}/{H}", f"{H}:{H}-latest", f"{H}app", f"{H}:{H}"]
PLACEHOLDERS = ["", "null", "IMAGE_TAG", "DOCKER_URI", "<IMAGE1_NAME>", "$IMAGE", "${IMAGE}", "%IMAGE%", "__IMAGE__"]
PLACEHOLDERS += [
    "[IMAGE]",
    "{{ must_env `X` }}",
    "#{IMAGE}#",
    "YOUR_ACCOUNT/YOUR_REPO",
    "my image",
    "<IMAGE>:<TAG>",
    "x:$TAG",
]


@pytest.mark.parametrize("reference", LATEST)
def test_latest_written_or_left_out_follows_latest(reference):
    image = parse_image(reference)
    assert image is not None
    assert follows_latest(image)


@pytest.mark.parametrize("reference", FIXED + OPEN + PLACEHOLDERS)
def test_fixed_unknown_and_placeholder_images_are_silent(reference):
    image = parse_image(reference)
    assert image is None or not follows_latest(image)


def test_a_port_is_not_a_tag():
    assert parse_image("repo:5000/app") == Image("repo:5000/app", None, None)


@given(st.text(alphabet=st.sampled_from("aA0:/@$<>{}[]%_ #" + HOLE)))
def test_any_text_is_read_without_a_crash(text):
    image = parse_image(text)
    assert image is None or follows_latest(image) in {True, False}
