"""Reads shell text into pipelines, with the grammar of tree-sitter-bash.

The grammar recovers from anything, so this never fails; a command in which it had to recover is `garbled`.
The walk uses a stack of its own: a runbook nested a thousand deep must not end in a traceback.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

from scripts.runbook.command import Command, Pipeline
from scripts.runbook.masking import unmask

_SKIPPED = frozenset({"variable_assignment", "file_redirect", "heredoc_redirect", "herestring_redirect"})
_PIPEFAIL = "pipefail"


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
    root = _parser().parse(text.encode("utf-8", "replace")).root_node
    found = sorted(_pipelines(root, line), key=lambda pair: pair[0])
    result, pipefail = [], False
    for _, pipeline in found:
        first = pipeline.commands[0]
        if first.program == "set" and _PIPEFAIL in first.words:
            pipefail = "+o" not in first.words
        result.append(replace(pipeline, pipefail=pipefail))
    return tuple(result)


def _pipelines(root: Node, line: int) -> Iterator[tuple[int, Pipeline]]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type == "command" and not _in_pipeline(node):
            yield from _one(node, (node,), line)
        elif node.type == "pipeline":
            yield from _one(node, _members(node), line)
        waiting.extend(node.children)


def _one(node: Node, members: tuple[Node, ...], line: int) -> Iterator[tuple[int, Pipeline]]:
    commands = tuple(command for each in members if (command := _command(each, line)).words)
    if commands:
        parent = node.parent
        whole = parent if parent is not None and parent.type == "redirected_statement" else node
        yield node.start_byte, Pipeline(commands=commands, text=_one_line(whole))


def _in_pipeline(command: Node) -> bool:
    parent = command.parent
    while parent is not None and parent.type == "redirected_statement":
        parent = parent.parent
    return parent is not None and parent.type == "pipeline"


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


def _command(node: Node, line: int) -> Command:
    words, redirects = [], _redirects_around(node)
    for child in node.children:
        if child.type in _SKIPPED:
            _redirect(child, redirects)
        elif child.is_named and child.type not in {"comment", "ERROR"}:
            words.append(_word(child))
    return Command(
        words=tuple(words),
        line=line + node.start_point.row,
        text=_one_line(node),
        inputs=tuple(redirects.inputs),
        outputs=tuple(redirects.outputs),
        heredoc=redirects.heredoc,
        garbled=node.has_error,
    )


def _redirects_around(command: Node) -> _Redirects:
    """Redirections stand beside the command; of a pipeline they belong to its last command."""
    redirects, node = _Redirects(), command
    while (parent := node.parent) is not None:
        if parent.type == "redirected_statement":
            for child in parent.children:
                _redirect(child, redirects)
        elif not _is_last(node, parent):
            break
        node = parent
    return redirects


def _is_last(node: Node, parent: Node) -> bool:
    return parent.type in {"pipeline", "list"} and parent.children[-1].end_byte == node.end_byte


def _redirect(node: Node, redirects: _Redirects) -> None:
    if node.type == "heredoc_redirect":
        body = next((child for child in node.children if child.type == "heredoc_body"), None)
        redirects.heredoc = _text(body) if body else ""
    elif node.type == "herestring_redirect":
        redirects.heredoc = _text(node).removeprefix("<<<").strip()
    elif node.type == "file_redirect" and (target := node.child_by_field_name("destination")):
        reads = any(child.type == "<" for child in node.children)
        (redirects.inputs if reads else redirects.outputs).append(_word(target))


def _word(node: Node) -> str:
    if node.type in {"command_name", "concatenation"}:
        return "".join(_word(child) for child in node.children)
    text = _text(node)
    if node.type == "raw_string":
        return text[1:-1]
    if node.type == "string":
        return text[1:-1].replace('\\"', '"').replace("\\\n", "")
    if node.type == "word":
        return text.replace("\\\n", "").replace("\\", "")
    return text


def _one_line(node: Node) -> str:
    return unmask(" ".join(_text(node).replace("\\\n", " ").split()))


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")
