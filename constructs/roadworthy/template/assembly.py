"""A cloud assembly (`cdk.out`): its stacks, nested stacks and stages, their construct paths and acknowledgements.

Construct paths come from the assembly's metadata as well as from the templates, because CDK leaves them out of the
templates when no CDK CLI started it.

Source: https://docs.aws.amazon.com/cdk/v2/guide/deploy.html#deploy-how-synth-assembly
"""

import json
import os
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from roadworthy.template.creation import CREATION_STACK
from roadworthy.template.document import Document
from roadworthy.template.pattern import Pattern
from roadworthy.template.problems import UnreadableError

MANIFEST = "manifest.json"
MARK = "cdk.out"  # a file that CDK writes into every assembly, with the version of its schema
STACK = "aws:cloudformation:stack"
NESTED_ASSEMBLY = "cdk:cloud-assembly"
ENVIRONMENT = Pattern(r"^aws://([^/]+)/([^/]+)$")
NESTED_STACK = "AWS::CloudFormation::Stack"
# The construct path of a nested stack's resource, from which the path of the nested stack itself follows.
NESTED_STACK_RESOURCE = Pattern(r"^(?P<stack>.*/(?P<id>[^/]+))\.NestedStack/(?P=id)\.NestedStackResource$")

Metadata = Mapping[str, list[dict[str, Any]]]  # "/construct/path" -> entries with "type" and "data"


class Stack(NamedTuple):
    """A stack of an assembly. `account` and `region` are None where it is deployed to whichever is current."""

    file: str
    path: str
    account: str | None
    region: str | None


def is_assembly(folder: str) -> bool:
    """Whether a folder is a cloud assembly: its manifest says so, or CDK's mark does where that is damaged."""
    try:
        return "artifacts" in _json(folder, MANIFEST) or os.path.isfile(os.path.join(folder, MARK))
    except UnreadableError:
        return os.path.isfile(os.path.join(folder, MARK))


def assembly_files(folder: str) -> Iterator[tuple[str, Metadata]]:
    """The template files of an assembly's stacks, nested stacks and nested assemblies, each with its stack's metadata.

    Raises:
        UnreadableError: the manifest or a metadata file is missing or malformed.
    """
    for artifact in _artifacts(folder).values():
        properties = _mapping(_mapping(artifact).get("properties"))
        kind = _mapping(artifact).get("type")
        if kind == STACK and isinstance(properties.get("templateFile"), str):
            metadata = _stack_metadata(folder, artifact)
            nested = [name for name in _templates(metadata).values() if name != properties["templateFile"]]
            for name in [properties["templateFile"], *nested]:
                yield os.path.join(folder, os.path.basename(name)), metadata
        elif kind == NESTED_ASSEMBLY and isinstance(properties.get("directoryName"), str):
            yield from assembly_files(_nested_folder(folder, properties["directoryName"]))


def stacks(folder: str) -> Iterator[Stack]:
    """The stacks of an assembly and of those nested in it, without nested stacks.

    Raises:
        UnreadableError: the manifest is missing or malformed.
    """
    for name, artifact in _artifacts(folder).items():
        properties = _mapping(_mapping(artifact).get("properties"))
        kind = _mapping(artifact).get("type")
        if kind == STACK and isinstance(properties.get("templateFile"), str):
            environment = ENVIRONMENT.match(str(artifact.get("environment")))
            account, region = environment.groups() if environment else (None, None)
            file = os.path.join(folder, os.path.basename(properties["templateFile"]))
            known_account = None if account == "unknown-account" else account
            yield Stack(
                file,
                str(artifact.get("displayName", name)),
                known_account,
                None if region == "unknown-region" else region,
            )
        elif kind == NESTED_ASSEMBLY and isinstance(properties.get("directoryName"), str):
            yield from stacks(_nested_folder(folder, properties["directoryName"]))


def describe(document: Document, metadata: Metadata, nested: Mapping[str, Document]) -> None:
    """Tell a document what the assembly knows of it.

    Args:
        document: a stack's or a nested stack's template.
        metadata: the metadata of its stack.
        nested: the documents of the nested stacks, by file name.
    """
    templates = _templates(metadata)
    document.synthesized = True
    document.acknowledged = _acknowledged(metadata)
    for path, entries in metadata.items():
        logical_id = _data(entries, "aws:cdk:logicalId")
        if isinstance(logical_id, str) and _owner(path, templates) == os.path.basename(document.file):
            document.construct_paths.setdefault(logical_id, path.removeprefix("/"))
            stack = _data(entries, CREATION_STACK)
            document.creation_stacks[logical_id] = stack if isinstance(stack, list) else []
    for resource in document.of_type(NESTED_STACK):
        logical_id = resource.resource or ""
        match = NESTED_STACK_RESOURCE.match("/" + (document.construct_path(logical_id) or ""))
        child = nested.get(templates.get(match["stack"], "")) if match else None
        if child is not None and child is not document:
            document.nested[logical_id] = child
            child.arguments = next(iter(resource.get("Parameters")), None)


def _artifacts(folder: str) -> Mapping[str, Any]:
    manifest = _json(folder, MANIFEST)
    if "artifacts" not in manifest:
        raise UnreadableError(f"{os.path.join(folder, MANIFEST)}: names no artifacts; synthesize the app again")
    return _mapping(manifest["artifacts"])


def _nested_folder(folder: str, name: str) -> str:
    inner = os.path.basename(name)
    if inner in {"", os.curdir, os.pardir}:
        raise UnreadableError(
            f"{os.path.join(folder, MANIFEST)}: names `{name}` as a folder in it; synthesize the app again"
        )
    return os.path.join(folder, inner)


def _stack_metadata(folder: str, artifact: Mapping[str, Any]) -> Metadata:
    merged: dict[str, list[dict[str, Any]]] = {}
    file = artifact.get("additionalMetadataFile")
    separate = _json(folder, os.path.basename(file)) if isinstance(file, str) else {}
    for source in (_mapping(artifact.get("metadata")), separate):
        for path, entries in source.items():
            if isinstance(entries, list):
                merged.setdefault(path, []).extend(entry for entry in entries if isinstance(entry, dict))
    return merged


def _templates(metadata: Metadata) -> dict[str, str]:
    """Construct path of each stack and nested stack -> its template's file name."""
    found = {path: _data(entries, "aws:cdk:templateFile") for path, entries in metadata.items()}
    return {path: os.path.basename(name) for path, name in found.items() if isinstance(name, str)}


def _owner(path: str, templates: Mapping[str, str]) -> str | None:
    """The template that holds the construct at `path`: that of the closest stack around it."""
    while path:
        if path in templates:
            return templates[path]
        path = path.rpartition("/")[0]
    return None


def _acknowledged(metadata: Metadata) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for path, entries in metadata.items():
        for entry in entries:
            if entry.get("type") == "aws:cdk:acknowledged-rules":
                rules = {str(rule): str(reason or "") for rule, reason in _mapping(entry.get("data")).items()}
                found.setdefault(path.removeprefix("/"), {}).update(rules)
    return found


def _data(entries: list[dict[str, Any]], kind: str) -> Any:
    return next((entry.get("data") for entry in entries if entry.get("type") == kind), None)


def _json(folder: str, name: str) -> Mapping[str, Any]:
    path = os.path.join(folder, name)
    try:
        with open(path, encoding="utf-8") as file:
            return _mapping(json.load(file))
    except OSError as error:
        raise UnreadableError(f"{path}: {(error.strerror or str(error)).lower()}; synthesize the app again") from None
    except (ValueError, RecursionError):
        raise UnreadableError(f"{path}: malformed JSON; synthesize the app again") from None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
