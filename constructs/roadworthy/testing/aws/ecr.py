"""ECR: repositories and their images.

https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html
https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html
https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetDownloadUrlForLayer.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from roadworthy.testing.aws.manifest import Image, image_of
from roadworthy.testing.aws.pages import page
from roadworthy.testing.wire.backend import AwsError, Backend

DEFAULT_PAGE = 100
Answer = dict[str, Any]
Asked = Mapping[str, Any]


@dataclass
class Repository:
    """Images by digest, and the digests of the tags."""

    images: dict[str, Image] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    def find(self, id: Asked) -> Image | None:
        """The image of an id: {"imageTag": ...} or {"imageDigest": ...}."""
        digest = id.get("imageDigest") or self.tags.get(id.get("imageTag", ""), "")
        same = "imageTag" not in id or self.tags.get(id["imageTag"]) == digest
        return self.images.get(digest) if same else None

    def tags_of(self, image: Image) -> list[str]:
        """The tags of an image."""
        return [tag for tag, digest in self.tags.items() if digest == image.digest]


class Ecr:
    """Repositories by name."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._repositories: dict[str, Repository] = {}
        backend.register_all(
            "ecr",
            {
                "DescribeRepositories": self._describe_repositories,
                "DescribeImages": self._describe_images,
                "BatchGetImage": self._batch_get_image,
                "GetDownloadUrlForLayer": self._get_download_url_for_layer,
                "DescribePullThroughCacheRules": lambda _: {"pullThroughCacheRules": []},
            },
        )

    def add_repository(self, name: str) -> None:
        """Let a repository exist."""
        self._repositories.setdefault(name, Repository())

    def add_image(
        self,
        repository: str,
        tag: str | None = None,
        digest: str | None = None,
        architectures: Sequence[str] = ("amd64",),
        *,
        index: bool = True,
    ) -> str:
        """Push an image for Linux; the repository is made. Returns its digest.

        `index=False` pushes it as a single manifest, as builds without attestations do, for one architecture: its
        platform then stands in a layer, which `download` has.
        """
        self.add_repository(repository)
        home = self._repositories[repository]
        image = image_of(f"{repository}:{tag}", architectures, index=index, digest=digest, pushed=self._backend.now())
        home.images[image.digest] = image
        home.tags.update({tag: image.digest} if tag else {})
        return image.digest

    def download(self, url: str) -> bytes:
        """What is at the URL that GetDownloadUrlForLayer gave.

        Raises:
            FileNotFoundError: nothing is.
        """
        digest = url.partition("?")[0].rpartition("/")[2]
        layers = (image.layers for home in self._repositories.values() for image in home.images.values())
        for each in layers:
            if digest in each:
                return each[digest]
        raise FileNotFoundError(url)

    def _describe_repositories(self, asked: Asked) -> Answer:
        names = asked.get("repositoryNames") or sorted(self._repositories)
        for name in names:
            self._repository({"repositoryName": name})
        size, token = asked.get("maxResults", DEFAULT_PAGE), asked.get("nextToken")
        some, next_token = page(names, size, token, _bad_token())
        return {"repositories": [self._described(name) for name in some], "nextToken": next_token}

    def _described(self, name: str) -> Answer:
        account, region = self._backend.account, self._backend.region
        suffix = ".cn" if self._backend.partition == "aws-cn" else ""
        return {
            "repositoryName": name,
            "repositoryArn": self._backend.arn("ecr", f"repository/{name}"),
            "registryId": account,
            "repositoryUri": f"{account}.dkr.ecr.{region}.amazonaws.com{suffix}/{name}",
            "imageTagMutability": "IMMUTABLE",
        }

    def _describe_images(self, asked: Asked) -> Answer:
        home = self._repository(asked)
        found = [self._required(home, id, asked) for id in asked.get("imageIds", ())] or list(home.images.values())
        size, token = asked.get("maxResults", DEFAULT_PAGE), asked.get("nextToken")
        some, next_token = page(found, size, token, _bad_token())
        return {"imageDetails": [self._detail(home, image, asked) for image in some], "nextToken": next_token}

    def _detail(self, home: Repository, image: Image, asked: Asked) -> Answer:
        return {
            "registryId": self._backend.account,
            "repositoryName": asked["repositoryName"],
            "imageDigest": image.digest,
            "imageTags": home.tags_of(image) or None,
            "imageSizeInBytes": len(image.manifest),
            "imagePushedAt": image.pushed,
            "imageManifestMediaType": image.media_type,
        }

    def _batch_get_image(self, asked: Asked) -> Answer:
        home = self._repository(asked)
        found = [(id, home.find(id)) for id in asked["imageIds"]]
        images = [self._image(id, image, asked) for id, image in found if image]
        return {"images": images, "failures": [_failure(id) for id, image in found if not image]}

    def _image(self, id: Asked, image: Image, asked: Asked) -> Answer:
        return {
            "registryId": self._backend.account,
            "repositoryName": asked["repositoryName"],
            "imageId": {"imageDigest": image.digest, "imageTag": id.get("imageTag")},
            "imageManifest": image.manifest,
            "imageManifestMediaType": image.media_type,
        }

    def _get_download_url_for_layer(self, asked: Asked) -> Answer:
        home, digest = self._repository(asked), asked["layerDigest"]
        if not any(digest in image.layers for image in home.images.values()):
            text = f"The layer with digest '{digest}' {self._in_repository(asked)}"
            raise AwsError("LayersNotFoundException", text)
        host = f"prod-{self._backend.region}-starport-layer-bucket.s3.{self._backend.region}.amazonaws.com"
        return {"downloadUrl": f"https://{host}/{digest}?X-Amz-Expires=3600", "layerDigest": digest}

    def _repository(self, asked: Asked) -> Repository:
        name = asked["repositoryName"]
        if name not in self._repositories:
            registry = f"in the registry with id '{self._backend.account}'"
            text = f"The repository with name '{name}' does not exist {registry}"
            raise AwsError("RepositoryNotFoundException", text)
        return self._repositories[name]

    def _required(self, home: Repository, id: Asked, asked: Asked) -> Image:
        if image := home.find(id):
            return image
        digest, tag = id.get("imageDigest", "null"), id.get("imageTag", "null")
        text = f"The image with imageId {{imageDigest:'{digest}', imageTag:'{tag}'}} {self._in_repository(asked)}"
        raise AwsError("ImageNotFoundException", text)

    def _in_repository(self, asked: Asked) -> str:
        name, account = asked["repositoryName"], self._backend.account
        return f"does not exist within the repository with name '{name}' in the registry with id '{account}'"


def _failure(id: Asked) -> Answer:
    return {"imageId": id, "failureCode": "ImageNotFound", "failureReason": "Requested image not found"}


def _bad_token() -> AwsError:
    return AwsError("InvalidParameterException", "Invalid parameter at 'nextToken' failed to satisfy constraint")
