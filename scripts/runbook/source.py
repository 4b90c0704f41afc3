"""Reads the file of a runbook, or says why it is none."""

from __future__ import annotations

import re
from pathlib import Path

from lifeboat.core.errors import ConfigError
from scripts.runbook.document import Document, read_document

MAX_BYTES = 1024**2
_SUFFIXES = frozenset({"", ".md", ".markdown", ".mdown", ".mkd", ".mdx", ".txt"})
_OTHER_FORMATS = re.compile(
    r"\A\s*(<!doctype html|<html\b|<\?xml|[\[{]\s*(\"|[\]}])|%PDF|#!|\{\\rtf)", re.IGNORECASE
)


def read_runbook(name: str) -> Document:
    """Read a runbook.

    Args:
        name: the file.

    Raises:
        ConfigError: there is no such file, or it is empty, too large, no text or no Markdown.
    """
    path = Path(name)
    if path.suffix.lower() not in _SUFFIXES:
        raise ConfigError(
            f"{name}: not Markdown ({path.suffix})", hint="a runbook ends in .md, .markdown or .txt"
        )
    text = _text(name, path)
    if not text.strip():
        raise ConfigError(f"{name}: the file is empty")
    if _OTHER_FORMATS.match(text):
        raise ConfigError(f"{name}: not Markdown", hint="it starts like HTML, XML, JSON or a script")
    return read_document(name, text)


def _text(name: str, path: Path) -> str:
    try:
        if path.is_dir():
            raise ConfigError(f"{name}: is a directory", hint="name the files, such as docs/*.md")
        if path.stat().st_size > MAX_BYTES:
            raise ConfigError(
                f"{name}: larger than {MAX_BYTES // 1024**2} MiB", hint="a runbook is read by people"
            )
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise ConfigError(f"{name}: there is no such file") from error
    except (OSError, ValueError) as error:
        raise ConfigError(f"{name}: cannot be read ({error})") from error
    if b"\0" in content:
        raise ConfigError(f"{name}: not a text file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"{name}: not UTF-8 (byte {error.start})", hint="convert it with iconv -t utf-8"
        ) from error
