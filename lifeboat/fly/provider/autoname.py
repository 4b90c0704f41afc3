"""Names for machines the program gives none: `<resource name>-<7 hexadecimal digits>`.

A name made earlier is kept; it is listed under `__defaults` in the inputs, so that a later check knows it was
not the program's choice. Every replacement gets another one.
"""

from __future__ import annotations

import hashlib
import re
import secrets

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.requests import CheckRequest, NameMode
from lifeboat.providerkit.values import Properties

MADE = "__defaults"
_LONGEST_STEM = 50
_DIGITS = 7


def with_name(request: CheckRequest, inputs: Properties) -> Properties | PropertyFailure:
    """Return the inputs with a name, or say why there can be none."""
    if inputs.get("name") is not None:
        return inputs
    naming = request.autonaming
    old = request.old_inputs
    if "name" in old.get(MADE, ()) and "name" in old:
        name = str(old["name"])
    elif naming is not None and naming.mode is NameMode.DISABLE:
        return PropertyFailure(path="name", reason="missing, and automatic names are switched off")
    elif naming is not None and naming.proposed_name:
        name = naming.proposed_name
    else:
        name = _generated(request)
    return {**inputs, "name": name, MADE: ["name"]}


def _generated(request: CheckRequest) -> str:
    seed = request.random_seed or secrets.token_bytes(32)
    digits = hashlib.sha256(seed + request.subject.urn.text.encode()).hexdigest()[:_DIGITS]
    stem = re.sub(r"[^a-z0-9]+", "-", request.subject.urn.name.lower()).strip("-")[:_LONGEST_STEM]
    return f"{stem or 'machine'}-{digits}"
