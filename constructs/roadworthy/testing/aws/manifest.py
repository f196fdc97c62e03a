"""The manifest of an image, as `docker buildx build --push` leaves it in a registry.

https://github.com/opencontainers/image-spec/blob/main/image-index.md
https://docs.docker.com/build/metadata/attestations/attestation-storage/
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"


@dataclass(frozen=True)
class Image:
    """An image: its digest, its manifest, and the layers that can be downloaded, by digest."""

    digest: str
    media_type: str
    manifest: str
    layers: Mapping[str, bytes]
    pushed: float


def image_of(
    seed: str, architectures: Sequence[str], *, index: bool, digest: str | None = None, pushed: float = 0.0
) -> Image:
    """An image for Linux; `seed` tells images apart, `digest` replaces the true digest of the manifest.

    Raises:
        ValueError: a single manifest for other than one architecture.
    """
    if not index and len(architectures) != 1:
        raise ValueError(f"an image without an index is for one architecture, not for {', '.join(architectures)}")
    configurations = [_dumped({"os": "linux", "architecture": name, "seed": seed}) for name in architectures]
    if index:
        document, layers = _index(seed, architectures), {}
    else:
        layers = {_digest(text): text.encode() for text in configurations}
        document = _manifest(configurations[0])
    text = _dumped(document)
    return Image(digest or _digest(text), str(document["mediaType"]), text, layers, pushed)


def _index(seed: str, architectures: Sequence[str]) -> dict[str, Any]:
    """An index with an image and its attestation for each architecture."""
    images = [_entry(f"{seed} {name}", "linux", name) for name in architectures]
    attestations = [_entry(f"{seed} {name} attestation", "unknown", "unknown") for name in architectures]
    return {"schemaVersion": 2, "mediaType": INDEX, "manifests": [*images, *attestations]}


def _entry(seed: str, system: str, architecture: str) -> dict[str, Any]:
    platform = {"os": system, "architecture": architecture}
    return {"mediaType": MANIFEST, "digest": _digest(seed), "size": 480, "platform": platform}


def _manifest(configuration: str) -> dict[str, Any]:
    config = {"mediaType": CONFIG, "digest": _digest(configuration), "size": len(configuration)}
    return {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": []}


def _dumped(document: Mapping[str, Any]) -> str:
    return json.dumps(document, separators=(",", ":"))


def _digest(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
