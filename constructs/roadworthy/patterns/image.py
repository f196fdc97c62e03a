"""An image is pinned: by a tag that is not moved, or by its digest."""

import abc
import dataclasses
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecr_assets as ecr_assets
from aws_cdk import aws_ecs as ecs

from roadworthy.errors import RoadworthyError
from roadworthy.patterns.interfaces import AnySecret
from roadworthy.patterns.task_size import Architecture
from roadworthy.patterns.values import is_token
from roadworthy.rules.facts.image import follows_latest, parse_image
from roadworthy.rules.facts.image_grammar import DIGEST, REFERENCE, TAG
from roadworthy.rules.facts.malformed_image import what_is_wrong

_PRIVATE_ECR = re.compile(r"[0-9]+\.dkr[.-]ecr[.-]")
_PIN = "name the commit's hash or a digest (sha256:...)"


class UnpinnedImageError(RoadworthyError, ValueError):
    """An image reference that could mean another image tomorrow, or none."""


class InvalidImageError(RoadworthyError, ValueError):
    """An image that cannot be built, or not for the task that is to run it."""


class Image(abc.ABC):
    """What a container runs; made by `from_ecr`, `from_registry` or `from_asset`."""

    @staticmethod
    def from_ecr(
        repository: ecr.IRepository, *, tag: str | None = None, digest: str | None = None, reference: str | None = None
    ) -> "EcrImage":
        """An image of an ECR repository; the task may pull it.

        Args:
            repository: where it is.
            tag: its tag, best the hash of the commit that it was built from.
            digest: its digest, `sha256:...`.
            reference: either of them, where the caller does not know which.

        Raises:
            UnpinnedImageError: not exactly one of the three is given, or it is `latest`, empty or malformed.
        """
        for name, value in (("tag", tag), ("digest", digest), ("reference", reference)):
            if value is not None and not isinstance(value, str):
                raise UnpinnedImageError(f"image {name} = {value!r} is no text: write it in quotes")
        given = {name: value for name, value in (("tag", tag), ("digest", digest), ("reference", reference)) if value}
        if len(given) > 1:
            raise UnpinnedImageError(f"an image has one of tag, digest and reference, not {' and '.join(given)}")
        if (tag, digest, reference) == (None, None, None):
            raise UnpinnedImageError(f"an image of ECR needs a tag or a digest: {_PIN}")
        value = next(iter(given.values()), "")
        if digest and not is_token(digest) and not DIGEST.fullmatch(digest):
            raise UnpinnedImageError(f"image digest {digest!r} is not sha256: and 64 hex digits")
        if tag and not is_token(tag) and not TAG.fullmatch(tag):
            raise UnpinnedImageError(f"image tag {tag!r} is no tag; a digest is given as digest=...")
        return EcrImage(repository=repository, reference=value, is_digest=bool(digest) or value.startswith("sha256:"))

    @staticmethod
    def from_registry(name: str, *, credentials: AnySecret | None = None) -> "RegistryImage":
        """An image of another registry, with its tag or digest: `public.ecr.aws/nginx/nginx:1.27.3`.

        Args:
            name: the whole reference.
            credentials: a secret with `username` and `password`, where the registry asks for them.

        Raises:
            UnpinnedImageError: it has neither tag nor digest, its tag is `latest`, or it is malformed.
        """
        return RegistryImage(name=name, credentials=credentials)

    @staticmethod
    def from_asset(
        folder: str | Path,
        *,
        platform: ecr_assets.Platform | None = None,
        file: str = "Dockerfile",
        target: str | None = None,
        build_args: Mapping[str, str] | None = None,
        exclude: Sequence[str] = (),
    ) -> "AssetImage":
        """An image that the CDK command line builds and pushes when it deploys; synthesis needs no Docker.

        Its tag is a hash of the folder. The first deployment works, since the image is pushed before it.

        Args:
            folder: what is built.
            platform: what it is built for; default: the task's architecture, whatever the building machine has.
            file: the Dockerfile, within the folder.
            target: the build stage; default: the last.
            build_args: the arguments of the build.
            exclude: glob patterns of what is no part of it.

        Raises:
            InvalidImageError: the folder has no such file.
        """
        if not isinstance(folder, str | Path):
            raise InvalidImageError(f"image folder {folder!r} is no path")
        return AssetImage(
            folder=Path(folder),
            platform=platform,
            file=file,
            target=target,
            build_args=build_args,
            exclude=tuple(exclude),
        )

    @abc.abstractmethod
    def for_container(self, architecture: Architecture = Architecture.X86_64) -> ecs.ContainerImage:
        """The image as the container of a task of this architecture takes it.

        Raises:
            InvalidImageError: it is built for another architecture.
        """


@dataclasses.dataclass(frozen=True, kw_only=True)
class EcrImage(Image):
    """`Image.from_ecr`.

    Attributes:
        repository: where it is.
        reference: its tag or its digest.
        is_digest: whether the reference is a digest.
    """

    repository: ecr.IRepository
    reference: str
    is_digest: bool = False

    def __post_init__(self) -> None:
        if is_token(self.reference):
            return
        if self.reference == "latest":
            raise UnpinnedImageError(f"image tag `latest` is moved with every push: {_PIN}")
        pattern = DIGEST if ":" in self.reference else TAG
        if not pattern.fullmatch(self.reference):
            raise UnpinnedImageError(
                f"image reference {self.reference!r} is neither a tag nor a digest (sha256: and 64 hex digits): {_PIN}"
            )

    def for_container(self, architecture: Architecture = Architecture.X86_64) -> ecs.ContainerImage:
        """See `Image`."""
        if self.is_digest and is_token(self.reference):
            # CDK tells a digest from a tag by its text, which a token does not show.
            digest = cdk.Fn.select(1, cdk.Fn.split(":", self.reference))
            return ecs.ContainerImage.from_ecr_repository(self.repository, f"sha256:{digest}")
        return ecs.ContainerImage.from_ecr_repository(self.repository, self.reference)


@dataclasses.dataclass(frozen=True, kw_only=True)
class RegistryImage(Image):
    """`Image.from_registry`.

    Attributes:
        name: the whole reference.
        credentials: the registry's user, if it asks for one.
    """

    name: str
    credentials: AnySecret | None = None

    def __post_init__(self) -> None:
        if is_token(self.name):
            return
        if not isinstance(self.name, str):
            raise UnpinnedImageError(f"image {self.name!r} is no text: write name:tag or name@sha256:...")
        wrong = what_is_wrong(self.name)
        if wrong:
            raise UnpinnedImageError(f"image {self.name!r} {wrong}")
        parsed = parse_image(self.name) if REFERENCE.fullmatch(self.name) else None
        if parsed is None:
            raise UnpinnedImageError(f"image {self.name!r} is no reference: write name:tag or name@sha256:...")
        if follows_latest(parsed):
            moved = "has the tag `latest`" if parsed.tag else "has no tag, which means `latest`"
            raise UnpinnedImageError(f"image {self.name!r} {moved}: {_PIN}")
        if _PRIVATE_ECR.match(self.name):
            raise UnpinnedImageError(
                f"image {self.name!r} is in ECR: use Image.from_ecr(repository), which lets the task pull it"
            )

    def for_container(self, architecture: Architecture = Architecture.X86_64) -> ecs.ContainerImage:
        """See `Image`."""
        return ecs.ContainerImage.from_registry(self.name, credentials=self.credentials)


@dataclasses.dataclass(frozen=True, kw_only=True)
class AssetImage(Image):
    """`Image.from_asset`, whose arguments are its attributes."""

    folder: Path
    platform: ecr_assets.Platform | None = None
    file: str = "Dockerfile"
    target: str | None = None
    build_args: Mapping[str, str] | None = None
    exclude: Sequence[str] = ()

    def __post_init__(self) -> None:
        if not (self.folder / self.file).is_file():
            raise InvalidImageError(
                f"image {str(self.folder)!r} cannot be built: there is no {self.folder / self.file}"
            )

    def for_container(self, architecture: Architecture = Architecture.X86_64) -> ecs.ContainerImage:
        """See `Image`."""
        if self.platform is not None and self.platform.platform != architecture.value:
            raise InvalidImageError(
                f"image {str(self.folder)!r} is built for {self.platform.platform}, "
                f"and the task runs on {architecture.name}: leave platform out, or change the architecture"
            )
        return ecs.ContainerImage.from_asset(
            str(self.folder),
            platform=architecture.platform,
            file=self.file,
            target=self.target,
            build_args=dict(self.build_args) if self.build_args else None,
            exclude=list(self.exclude) or None,
        )
