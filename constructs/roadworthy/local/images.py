"""Container images of the local AWS: a manifest in ECR whose annotations say what to start.

There is no Docker, so an image has no layers. It has a tag, a digest and an OCI image manifest as any image does, and
three annotations say which process stands in for its container.
https://github.com/opencontainers/image-spec/blob/main/annotations.md
"""

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

MEDIA_TYPE = "application/vnd.oci.image.manifest.v1+json"
_ARGV, _CWD, _PORT = "roadworthy.local/argv", "roadworthy.local/cwd", "roadworthy.local/port"
# The descriptor of the empty JSON object, for a manifest without a real config or layers:
# https://github.com/opencontainers/image-spec/blob/main/manifest.md#guidance-for-an-empty-descriptor
_EMPTY = {
    "mediaType": "application/vnd.oci.empty.v1+json",
    "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
    "size": 2,
}


class NotALocalImageError(ValueError):
    """The manifest has no annotations that say what to start."""


@dataclasses.dataclass(frozen=True)
class LocalImage:
    """What a local image starts.

    Attributes:
        argv: the command; `{host}` and `{port}` become the address to listen on.
        cwd: the folder that it starts in.
        port: the port that it listens on, as the image's own server would.
    """

    argv: tuple[str, ...]
    cwd: str
    port: int = 8000

    def command(self, host: str) -> list[str]:
        """The command for a task at the address `host`."""
        return [word.replace("{host}", host).replace("{port}", str(self.port)) for word in self.argv]

    def manifest(self) -> str:
        """The OCI image manifest that carries this image."""
        document = {
            "schemaVersion": 2,
            "mediaType": MEDIA_TYPE,
            "config": _EMPTY,
            "layers": [_EMPTY],
            "annotations": {_ARGV: json.dumps(self.argv), _CWD: self.cwd, _PORT: str(self.port)},
        }
        return json.dumps(document, sort_keys=True)

    @classmethod
    def parse(cls, manifest: str) -> Self:
        """Read an image from its manifest.

        Raises:
            NotALocalImageError: it was not pushed by `push`.
        """
        try:
            notes = json.loads(manifest)["annotations"]
            return cls(argv=tuple(json.loads(notes[_ARGV])), cwd=notes[_CWD], port=int(notes[_PORT]))
        except (KeyError, TypeError, ValueError):
            raise NotALocalImageError(
                "the image has no local command: push it with roadworthy.local.images.push"
            ) from None


def push(ecr: Any, repository: str, tag: str, *, argv: Sequence[str], cwd: str | Path, port: int = 8000) -> str:
    """Push a local image, as `docker push` would push a real one, and return its digest.

    A tag that is there already stays as it is: repositories are immutable.

    Args:
        ecr: a boto3 ECR client of the local AWS.
        repository: the name of an existing ECR repository.
        tag: the image's tag.
        argv: the command; `{host}` and `{port}` become the task's address and `port`.
        cwd: the folder that the command starts in.
        port: the port that it listens on.
    """
    image = LocalImage(argv=tuple(argv), cwd=str(Path(cwd).resolve()), port=port)
    try:
        answer = ecr.put_image(
            repositoryName=repository, imageTag=tag, imageManifest=image.manifest(), imageManifestMediaType=MEDIA_TYPE
        )
    except (ecr.exceptions.ImageAlreadyExistsException, ecr.exceptions.ImageTagAlreadyExistsException):
        found = ecr.describe_images(repositoryName=repository, imageIds=[{"imageTag": tag}])
        return str(found["imageDetails"][0]["imageDigest"])
    return str(answer["image"]["imageId"]["imageDigest"])
