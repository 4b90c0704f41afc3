"""Drawn requests: valid and broken, about objects that exist and that do not, under hostile headers."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis import GenerationMode

from localcloud.fly.tokens import LOCAL_TOKEN
from tests.contract.described import description, operations
from tests.contract.populated_fly import Asked, PopulatedFly

_GARBAGE = st.one_of(
    st.sampled_from(["0", "..%2f", "a/b", "%00", "\x00", "é", "x" * 300, "-", "null", "{app_name}"]),
    st.text(min_size=1, max_size=20).filter(lambda text: text not in {".", ".."}),
)
_TEXTS = st.one_of(
    st.sampled_from(["", "fra", "eu", "started", "stopped,started", "true", "0", "1", "-1", "9" * 30, "1h"]),
    st.text(max_size=12),
)
_BROKEN = st.one_of(
    st.sampled_from([b"{", b"[]", b"null", b'"x"', b"{}", b"NaN", b"\xff", b"[" * 2000, b'{"a":1}{']),
    st.binary(min_size=1, max_size=20),
)
_HOSTILE = st.dictionaries(
    st.sampled_from(
        ["content-type", "accept", "fly-machine-lease-nonce", "x-forwarded-for", "range", "cookie"]
    ),
    st.one_of(
        st.sampled_from(["", "text/xml", "a" * 5000, "../..", "0" * 12, "bytes=0-1", "\u00ff\u0100"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=20),
    ),
    max_size=2,
)


def requests(fly: PopulatedFly, name: str, known: list[Asked]) -> st.SearchStrategy[Asked]:
    """Return what draws requests of an operation: one that succeeds, with some of its parts replaced.

    Args:
        fly: what exists.
        name: the operation.
        known: requests of it that succeed.
    """

    def around(asked: Asked) -> st.SearchStrategy[Asked]:
        return st.builds(
            Asked,
            operation=st.just(name),
            path=_often(dict(asked.path), _paths(fly, name)),
            query=_often(asked.query, _queries(name)),
            headers=_headers(fly, dict(asked.headers)),
            body=_often(asked.body, _bodies(name, asked.body)),
        )

    return st.sampled_from(known).flatmap(around)


def _often(good: Any, other: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.just(good), st.just(good), other)


def _paths(fly: PopulatedFly, name: str) -> st.SearchStrategy[dict[str, str]]:
    fields = operations()[name].parameters("path")
    return st.fixed_dictionaries({field: _segment(fly, field) for field in fields})


def _segment(fly: PopulatedFly, field: str) -> st.SearchStrategy[str]:
    existing = {
        "app_name": ["web", "web", "web", "empty", "foreign"],
        "machine_id": [value for key, value in fly.known.items() if key.startswith("machine ")],
        "volume_id": [value for key, value in fly.known.items() if key.startswith("volume ")],
        "hostname": ["www.example.com", "own.example.com", "nobody.example.com"],
        "secret_name": ["TOKEN", "OTHER", "SEAL", "SIGN", "NEW"],
        "ip": [fly.known["ip"], "1.2.3.4"],
        "org_slug": ["lifeboat", "personal"],
        "key": ["role", "new"],
    }
    found = existing.get(field, ["x"])
    return st.one_of(st.sampled_from(found), st.sampled_from(found), _GARBAGE)


def _queries(name: str) -> st.SearchStrategy[list[tuple[str, str]]]:
    declared = operations()[name].parameters("query")
    names = st.sampled_from([*sorted(declared), "limit", "cursor", "unknown"])
    required = {key: _TEXTS for key, part in declared.items() if part.get("required")}
    needed = st.fixed_dictionaries(required).map(lambda found: list(found.items()))
    drawn = st.lists(st.tuples(names, _TEXTS), max_size=3)
    return st.one_of(drawn, st.builds(lambda one, two: one + two, needed, drawn))


def _headers(fly: PopulatedFly, good: dict[str, str]) -> st.SearchStrategy[dict[str, str]]:
    bad = ["", "Bearer", "FlyV1 fm2_nobody", "Basic x", "x" * 9000]
    token = st.sampled_from([LOCAL_TOKEN] * 40 + [fly.known["app token"], *bad])
    others = st.one_of(st.just(good), st.just({"fly-machine-lease-nonce": fly.known["nonce"]}), _HOSTILE)
    return st.builds(lambda text, other: {"Authorization": text, **other}, token, others)


def _bodies(name: str, good: Any) -> st.SearchStrategy[Any]:
    if operations()[name].raw.get("requestBody") is None:
        return _BROKEN
    positive, negative = _generated(name, GenerationMode.POSITIVE), _generated(name, GenerationMode.NEGATIVE)
    mixed = (
        positive.map(lambda drawn: _merged(drawn, good)),
        negative.map(lambda drawn: _merged(good, drawn)),
    )
    return st.one_of(*mixed, *mixed, positive, negative, _BROKEN)


@cache
def _generated(name: str, mode: GenerationMode) -> st.SearchStrategy[Any]:
    operation = operations()[name]
    cases: st.SearchStrategy[Any] = _schema()[operation.path][operation.method].as_strategy(
        generation_mode=mode
    )
    return cases.map(lambda case: _plain(case.body))


@cache
def _schema() -> Any:  # schemathesis names no public type
    return schemathesis.openapi.from_dict(description())


def _plain(body: Any) -> Any:
    """Return a generated body as JSON or bytes; what is neither stands for none."""
    if isinstance(body, bytes):
        return body
    try:
        return json.loads(json.dumps(body))
    except (TypeError, ValueError):
        return None


def _merged(under: Any, over: Any) -> Any:
    """Return the fields of one body, and of the objects in it, with those of another put over them."""
    if not (isinstance(under, dict) and isinstance(over, dict)):
        return over
    both = {key: _merged(under[key], over[key]) for key in set(under) & set(over)}
    return {**under, **over, **both}
