"""Names for resources the program gives none: `<logical name>-<7 hex digits>`, as the genuine provider does.

The digits come from the seed the engine hands in, so that asking twice with one seed gives one name.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.requests import CheckRequest, NameMode
from lifeboat.providerkit.values import Properties

_PREFIX_DIGITS = 26
"""Length of what the genuine provider appends to a name prefix: a timestamp and a counter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Autoname:
    """How a type is named.

    Args:
        key: the input that holds the name.
        prefix_key: the input that asks for a generated name with a prefix, if the type has one.
        longest: the service's limit in characters.
        lower: whether only lower-case names are allowed.
        digits: hexadecimal digits after the logical name; 0 takes the logical name as it is.
        before: what the service wants every name to begin with, such as `alias/`.
    """

    key: str = "name"
    prefix_key: str = ""
    longest: int = 255
    lower: bool = False
    digits: int = 7
    before: str = ""


def name_of(rule: Autoname, request: CheckRequest) -> str | PropertyFailure:
    """Make a name for a resource whose inputs hold none.

    A name made earlier is kept: it is found in the old inputs, marked there as made by us.
    """
    if rule.key in request.old_inputs.get("__defaults", ()) and rule.key in request.old_inputs:
        return str(request.old_inputs[rule.key])
    prefix = request.inputs.get(rule.prefix_key) if rule.prefix_key else None
    if isinstance(prefix, str):
        return prefix + _digits(request, _PREFIX_DIGITS)
    naming = request.autonaming
    if naming is not None and naming.mode is NameMode.DISABLE:
        return PropertyFailure(path=rule.key, reason="missing, and automatic names are switched off")
    if naming is not None and naming.proposed_name:
        return naming.proposed_name
    return _generated(rule, request)


def _generated(rule: Autoname, request: CheckRequest) -> str:
    ending = f"-{_digits(request, rule.digits)}" if rule.digits else ""
    stem = request.subject.urn.name[: rule.longest - len(ending)]
    name = f"{rule.before}{stem}{ending}"
    return name.lower() if rule.lower else name


def _digits(request: CheckRequest, count: int) -> str:
    seed = request.random_seed or secrets.token_bytes(32)
    return hashlib.sha256(seed + request.subject.urn.text.encode()).hexdigest()[:count]


def needs_name(rule: Autoname, inputs: Properties) -> bool:
    """Tell whether the program gave no name (an unknown one is a name)."""
    return inputs.get(rule.key) in (None, "")
