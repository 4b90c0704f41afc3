"""Reads shell text into pipelines, with the grammar of tree-sitter-bash.

The grammar recovers from anything, so this never fails; what it had to recover from is `garbled`. The walk
has its own stack: a runbook nested a thousand deep must not end in a traceback.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

from scripts.runbook.command import Command, Pipeline
from scripts.runbook.masking import unmask

_REDIRECTIONS = frozenset({"file_redirect", "heredoc_redirect", "herestring_redirect"})
_NO_WORDS = frozenset({"variable_assignment", "comment", "ERROR"})
_OF_NO_COMMAND = frozenset({"command", "pipeline", "comment", ";"})
_NOT_ASCII = re.compile(r"[^\x01-\x7f]")


@dataclass(frozen=True, slots=True)
class _Source:
    text: str
    line: int
    rows: list[str]

    def of(self, node: Node) -> str:
        return self.text[node.start_byte : node.end_byte]

    def one_line(self, node: Node) -> str:
        return unmask(" ".join(self.of(node).replace("\\\n", " ").split()))

    def line_of(self, node: Node) -> int:
        return self.line + node.start_point.row


@dataclass(slots=True, kw_only=True)
class _Redirects:
    inputs: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    heredoc: str | None = None


@cache
def _parser() -> Parser:
    return Parser(Language(tree_sitter_bash.language()))


def read_shell(text: str, line: int) -> tuple[Pipeline, ...]:
    """Return the pipelines of a piece of shell text in the order they are written.

    Args:
        text: any text.
        line: line of the runbook that its first line stands in, from 1.
    """
    # The grammar's scanner reads outside of a table for characters far beyond ASCII and ends the process. A
    # shell takes all of them for letters; one letter for each also makes its offsets those of the text.
    root = _parser().parse(_NOT_ASCII.sub("x", text).encode("ascii")).root_node
    found = sorted(_pipelines(root, _Source(text, line, text.split("\n"))), key=lambda pair: pair[0])
    result, pipefail = [], False
    for _, pipeline in found:
        first = pipeline.commands[0]
        if first.program == "set" and "pipefail" in first.words:
            pipefail = "+o" not in first.words
        result.append(replace(pipeline, pipefail=pipefail))
    return tuple(result)


def _pipelines(root: Node, source: _Source) -> Iterator[tuple[int, Pipeline]]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type == "command" and not _in_pipeline(node):
            yield from _one(node, (node,), source)
        elif node.type == "pipeline":
            yield from _one(node, _members(node), source)
        elif node.type == "ERROR" and not _in_command(node):
            yield from _garbled(node, source)
        waiting.extend(node.children)


def _one(node: Node, members: tuple[Node, ...], source: _Source) -> Iterator[tuple[int, Pipeline]]:
    commands = tuple(command for each in members if (command := _command(each, source)).words)
    if commands:
        parent = node.parent
        whole = parent if parent is not None and parent.type == "redirected_statement" else node
        yield node.start_byte, Pipeline(commands=commands, text=source.one_line(whole))


def _garbled(node: Node, source: _Source) -> Iterator[tuple[int, Pipeline]]:
    """Each row in which something stands that is part of no command."""
    strangers = [child for child in node.children if child.type not in _OF_NO_COMMAND]
    for row, start in {each.start_point.row: each.start_byte for each in reversed(strangers)}.items():
        text = unmask(" ".join(source.rows[row].split()))
        command = Command(words=(), line=source.line + row, text=text, garbled=True)
        yield start, Pipeline(commands=(command,), text=text)


def _in_pipeline(command: Node) -> bool:
    parent = command.parent
    while parent is not None and parent.type == "redirected_statement":
        parent = parent.parent
    return parent is not None and parent.type == "pipeline"


def _in_command(node: Node) -> bool:
    parent = node.parent
    while parent is not None and parent.type != "command":
        parent = parent.parent
    return parent is not None


def _members(pipeline: Node) -> tuple[Node, ...]:
    """The commands of a pipeline; one inside a redirection is looked up in it."""
    members = []
    for child in pipeline.children:
        body: Node | None = child
        while body is not None and body.type == "redirected_statement":
            body = body.child_by_field_name("body")
        if body is not None and body.type == "command":
            members.append(body)
    return tuple(members)


def _command(node: Node, source: _Source) -> Command:
    words, redirects = [], _redirects_around(node, source)
    for child in node.children:
        if child.type in _REDIRECTIONS:
            _redirect(child, redirects, source)
        elif child.is_named and child.type not in _NO_WORDS:
            words.append(_word(child, source))
    return Command(
        words=tuple(words),
        line=source.line_of(node),
        text=source.one_line(node),
        inputs=tuple(redirects.inputs),
        outputs=tuple(redirects.outputs),
        heredoc=redirects.heredoc,
        garbled=node.has_error,
    )


def _redirects_around(command: Node, source: _Source) -> _Redirects:
    """Redirections stand beside the command; of a pipeline they belong to its last command."""
    redirects, node = _Redirects(), command
    while (parent := node.parent) is not None:
        if parent.type == "redirected_statement":
            for child in parent.children:
                _redirect(child, redirects, source)
        elif not _is_last(node, parent):
            break
        node = parent
    return redirects


def _is_last(node: Node, parent: Node) -> bool:
    return parent.type in {"pipeline", "list"} and parent.children[-1].end_byte == node.end_byte


def _redirect(node: Node, redirects: _Redirects, source: _Source) -> None:
    if node.type == "heredoc_redirect":
        body = next((child for child in node.children if child.type == "heredoc_body"), None)
        redirects.heredoc = source.of(body) if body else ""
    elif node.type == "herestring_redirect":
        redirects.heredoc = source.of(node).removeprefix("<<<").strip()
    elif node.type == "file_redirect" and (target := node.child_by_field_name("destination")):
        reads = any(child.type == "<" for child in node.children)
        (redirects.inputs if reads else redirects.outputs).append(_word(target, source))


def _word(node: Node, source: _Source) -> str:
    if node.type in {"command_name", "concatenation"}:
        return "".join(_word(child, source) for child in node.children)
    text = source.of(node)
    if node.type == "raw_string":
        return text[1:-1]
    if node.type == "string":
        return text[1:-1].replace('\\"', '"').replace("\\\n", "")
    if node.type == "word":
        return text.replace("\\\n", "").replace("\\", "")
    return text
