"""Which programs certainly are not in a public image, as its own Dockerfile builds it.

Only images whose reference says all are known: official ones on Docker Hub (also through a mirror that keeps
`library/` in the name) and distroless. An image that somebody builds upon them may have anything.

Sources: https://github.com/docker-library/official-images (each image's Dockerfile),
https://github.com/GoogleContainerTools/distroless/blob/main/README.md
"""

from functools import lru_cache

from roadworthy.rules.facts.image import parse_image
from roadworthy.template.pattern import Pattern
from roadworthy.template.values import HOLE

OFFICIAL = Pattern(r"^(?:(?:docker\.io/|.*/)?library/)?(?P<name>[a-z0-9-]+)$")
DISTROLESS = Pattern(r"(?:^|/)distroless/[a-z0-9._-]+$")
DEBUG = Pattern(r"debug")  # distroless with busybox: a shell and wget
ALPINE = Pattern(r"(?:^|-)alpine(?:$|[0-9.]|-)")
SLIM = Pattern(r"(?:^|-)slim(?:$|-)")
CURL, CURL_AND_WGET = frozenset({"curl"}), frozenset({"curl", "wget"})
ALL = frozenset({"curl", "wget", "sh", "bash"})
# Of nginx and php also the Alpine variants have curl.
WITH_ALPINE_VARIANT = {"python", "node", "golang", "ruby", "rust", "openjdk"}
WITH_SLIM_VARIANT = {"python", "node", "ruby", "debian"}
WITHOUT_BOTH = {"debian", "ubuntu"}


@lru_cache(maxsize=4_096)
def missing_programs(reference: str) -> frozenset[str]:
    """Those of curl, wget, sh and bash that the image (a skeleton) certainly lacks; empty where that is not known."""
    image = parse_image(reference)
    if image is None:
        return frozenset()
    tag = image.tag or ""
    if DISTROLESS.search(image.repository):
        return frozenset() if HOLE in tag or DEBUG.search(tag) else ALL
    official = OFFICIAL.match(image.repository)
    return _of_official(official["name"], tag) if official and HOLE not in tag else frozenset()


def _of_official(name: str, tag: str) -> frozenset[str]:
    if name == "alpine" or (name in WITH_ALPINE_VARIANT and ALPINE.search(tag)):
        return CURL
    if name in WITHOUT_BOTH or (name in WITH_SLIM_VARIANT and SLIM.search(tag)):
        return CURL_AND_WGET
    return CURL if name == "busybox" else frozenset()
