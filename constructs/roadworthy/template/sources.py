"""Paths -> documents: files, folders, cloud assemblies and standard input."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from roadworthy.template import assembly
from roadworthy.template.document import TEMPLATE, Document
from roadworthy.template.kinds import classify
from roadworthy.template.node import Node
from roadworthy.template.parse import decode, parse
from roadworthy.template.problems import NotATemplate, UnreadableError
from roadworthy.template.resolve import resolve
from roadworthy.template.values import known_text

STDIN = "-"
EXTENSIONS = (".json", ".yaml", ".yml", ".template")
# Folders in which nobody keeps templates of their own.
IGNORED_FOLDERS = {".git", ".venv", "venv", "node_modules", "__pycache__", ".mypy_cache", ".ruff_cache"}
LARGEST = 64 * 1024 * 1024  # bytes; CloudFormation itself takes 1 MB


class Skipped(NamedTuple):
    """A file that was not checked, and why."""

    file: str
    reason: str


class Sources(NamedTuple):
    """What was read."""

    documents: list[Document]
    skipped: list[Skipped]


def read(paths: Sequence[str]) -> Sources:
    """Read every template and ECS definition at `paths` ("-" is standard input) and join what refers to each other.

    Files that hold something else are skipped. In a folder unreadable files are skipped as well, because nobody said
    that they are templates.

    Raises:
        UnreadableError: a path does not exist or a file that was named cannot be read.
    """
    sources = Sources([], [])
    for path in dict.fromkeys(paths):
        if path == STDIN:
            _read_named("<stdin>", _standard_input(), sources)
        elif not os.path.isdir(path):
            _read_named(path, _bytes(path), sources)
        elif assembly.is_assembly(path):
            sources.documents.extend(read_assembly(path))
        else:
            _read_folder(path, sources)
    sources = Sources(_each_once(sources.documents), list(dict.fromkeys(sources.skipped)))
    link(sources.documents)
    return sources


def read_assembly(folder: str) -> list[Document]:
    """The documents of a cloud assembly.

    Raises:
        UnreadableError: a file that its manifest names is missing or malformed.
    """
    files = dict(assembly.assembly_files(folder))
    documents = {file: _template(file) for file in files}
    for file, metadata in files.items():
        siblings = {
            os.path.basename(other): document
            for other, document in documents.items()
            if os.path.dirname(other) == os.path.dirname(file)
        }
        assembly.describe(documents[file], metadata, siblings)
    for stack in assembly.stacks(folder):
        _deployed_to(documents[stack.file], stack.account, stack.region)
    return list(documents.values())


def _deployed_to(stack: Document, account: str | None, region: str | None) -> None:
    """Give a stack's document, and those of the stacks nested in it, the account and the region."""
    placed = {id(stack): stack}
    waiting = [stack]
    while waiting:
        document = waiting.pop()
        document.account, document.region = account, region
        children = {id(child): child for child in document.nested.values() if id(child) not in placed}
        placed |= children
        waiting += children.values()


def read_synthesized(templates: Sequence[str]) -> Sources:
    """The documents of the assemblies that hold the given templates, with the nested stacks that CDK does not list.

    Raises:
        UnreadableError: an assembly is incomplete.
    """
    folders = dict.fromkeys(os.path.dirname(template) for template in templates)
    outermost = [folder for folder in folders if os.path.dirname(folder) not in folders]
    documents = {document.file: document for folder in outermost for document in read_assembly(folder)}
    sources = Sources(list(documents.values()), [])
    link(sources.documents)
    return sources


def link(documents: Iterable[Document]) -> None:
    """Give all documents the exports of each other. A name that is exported twice tells nothing."""
    together = list(documents)
    exports: dict[str, Node | None] = {}
    for document in together:
        for name, node in _exports(document):
            exports[name] = None if name in exports else node
    known = {name: node for name, node in exports.items() if node is not None}
    for document in together:
        document.exports = known


def _exports(document: Document) -> Iterator[tuple[str, Node]]:
    for key, output in document.outputs.items():
        export = output.get("Export") if isinstance(output, dict) else None
        value = document.output(key)
        if value is not None and isinstance(export, dict) and "Name" in export:
            name_node = Node(document, export["Name"], ("Outputs", key, "Export", "Name"), value.when)
            names = [known_text(possible.value) for possible in resolve(name_node)]
            if len(names) == 1 and names[0] is not None:
                yield names[0], value


def _each_once(documents: Iterable[Document]) -> list[Document]:
    """The documents without those of a file that was named or found a second time: what exports twice tells nothing.

    Of a template that was read alone and in its assembly the latter stays, for the assembly knows more of it.
    """
    first: dict[str, Document] = {}
    for document in documents:
        path = _real(document.file)
        known = first.get(path)
        if known is None or (document.construct_paths and not known.construct_paths):
            first[path] = document
    return list(first.values())


def _real(file: str) -> str:
    """The file by one name, however its folder was named; a link to a file is a file of its own."""
    try:
        return os.path.join(os.path.realpath(os.path.dirname(file)), os.path.basename(file))
    except OSError:  # the working directory has been removed
        return file


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise UnreadableError("<stdin>: standard input is closed")
    try:
        data = sys.stdin.buffer.read(LARGEST + 1)
    except OSError as error:
        raise UnreadableError(f"<stdin>: {(error.strerror or str(error)).lower()}") from None
    return _limited(data, "<stdin>")


def _read_named(file: str, data: bytes, sources: Sources) -> None:
    try:
        sources.documents.append(_document(file, data))
    except NotATemplate as error:
        sources.skipped.append(Skipped(file, str(error)))


def _read_folder(folder: str, sources: Sources) -> None:
    def unreadable(error: OSError) -> None:
        if error.filename == folder:
            raise UnreadableError(f"{folder}: {(error.strerror or str(error)).lower()}")
        sources.skipped.append(Skipped(str(error.filename), (error.strerror or str(error)).lower()))

    for current, folders, files in os.walk(folder, onerror=unreadable):  # which follows no links, so that it ends
        folders[:] = sorted(name for name in folders if name not in IGNORED_FOLDERS and not name.startswith("asset."))
        is_inner = current != folder and assembly.is_assembly(current)
        if is_inner and _tolerate(current, sources, lambda path: sources.documents.extend(read_assembly(path))):
            folders.clear()
            continue  # of a damaged assembly the templates that are left are checked, each for itself
        for name in sorted(files):
            path = os.path.join(current, name)
            if name.lower().endswith(EXTENSIONS) and os.path.isfile(path):
                _tolerate(path, sources, lambda path: _read_named(path, _bytes(path), sources))


def _tolerate(path: str, sources: Sources, reading: Callable[[str], None]) -> bool:
    """Whether the path could be read; if not, it is named as skipped."""
    try:
        reading(path)
    except (UnreadableError, NotATemplate) as error:
        sources.skipped.append(Skipped(path, str(error).removeprefix(f"{path}:").strip()))
        return False
    return True


def _document(file: str, data: bytes) -> Document:
    text = decode(data, file)
    syntax, tree = parse(text, file)
    kind, roots = classify(tree)
    return Document(file=file, text=text, syntax=syntax, kind=kind, tree=tree, roots=roots)


def _template(file: str) -> Document:
    """A template of an assembly; CDK writes one without `Resources` for an empty stack."""
    try:
        syntax, tree = parse(text := decode(_bytes(file), file), file)
    except NotATemplate as error:
        raise UnreadableError(f"{file}: {error}: synthesize the app again") from None
    if not isinstance(tree, dict):
        raise UnreadableError(f"{file}: not a template: synthesize the app again")
    return Document(file=file, text=text, syntax=syntax, kind=TEMPLATE, tree=tree)


def _bytes(path: str) -> bytes:
    try:
        with open(path, "rb") as file:  # which may be a pipe: `roadworthy check <(cdk synth)`
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise UnreadableError(f"{path}: {(error.strerror or str(error)).lower()}") from None
    except ValueError as error:  # a path with a NUL
        raise UnreadableError(f"{path!r}: {error}") from None
    return _limited(data, path)


def _limited(data: bytes, path: str) -> bytes:
    if len(data) > LARGEST:
        raise UnreadableError(f"{path}: larger than {LARGEST // 1024 // 1024} MB: not a template")
    return data
