"""The generated pages about Fly: the provider's types, and what of Fly's API is emulated."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lifeboat.core.clock import SystemClock
from lifeboat.fly.provider.provider import FlyProvider
from localcloud.fly.coverage import coverage_report
from localcloud.fly.emulator import Emulator
from localcloud.fly.faults.board import FaultKind
from localcloud.fly.machines.process_runner import ProcessRunner


def provider_schema() -> dict[str, Any]:
    """Return the package schema, as `pulumi package get-schema` does."""
    schema: dict[str, Any] = json.loads(FlyProvider({}).schema())
    return schema


def provider_page() -> str:
    """Return the page of the provider's types and functions."""
    schema = provider_schema()
    lines = [
        "# The `fly` Pulumi provider\n",
        "Native, in this checkout (`lifeboat/fly/provider`); its classes are `lifeboat.fly.resources`.",
        "As a package schema: [fly-schema.json](fly-schema.json). A property marked *replaces* makes a new",
        "object when it changes; `config` is Fly's own machine config, spelled as Fly spells it.\n",
    ]
    for token, resource in schema["resources"].items():
        lines += [f"## `{token}`\n", _text(resource), ""]
        lines += _table("input", resource["inputProperties"], resource.get("requiredInputs", ()))
        outputs = {
            name: spec
            for name, spec in resource["properties"].items()
            if name not in resource["inputProperties"]
        }
        lines += _table("output", outputs, ()) if outputs else []
    lines += ["## Functions\n", "| function | what it returns |", "|---|---|"]
    lines += [f"| `{token}` | {_text(one)} |" for token, one in schema["functions"].items()]
    return "\n".join(lines) + "\n"


def coverage_page() -> str:
    """Return the page of what the local Fly implements, refuses and does otherwise than described."""
    report = _report()
    done, missing = report["implemented"], report["not_implemented"]
    lines = [
        "# The local Fly: coverage\n",
        f"Fly's own description has {report['description']['operations']} operations; {len(done)} are",
        "implemented, the others answer 501 and never a false success.\n",
        "## Not implemented\n",
        "| operation | reason |",
        "|---|---|",
        *(f"| `{one['method']} {one['path']}` | {one['reason']} |" for one in missing),
        "\n## Implemented\n",
        "| operation | |",
        "|---|---|",
        *(f"| `{one['method']} {one['path']}` | {one['summary']} |" for one in done),
        "\n## Where the wire differs from the description\n",
        "Requests and answers are checked against the description plus exactly these.\n",
        "| where | what | source |",
        "|---|---|---|",
        *(
            f"| {', '.join(one['operations'])} | {one['what']} | {one['source']} |"
            for one in report["deviations"]
        ),
        "\n## Faults\n",
        "`lifeboat cloud fault fly KIND`, with options for whom it strikes.\n",
        "| kind | what goes wrong |",
        "|---|---|",
        *_faults(),
    ]
    return "\n".join(lines) + "\n"


def _report() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as directory:
        emulator = Emulator(Path(directory), SystemClock(), runner=ProcessRunner(Path(directory)))
        report: dict[str, Any] = coverage_report(emulator.table)
        return report


def _faults() -> Iterator[str]:
    """Yield a row per kind; its sentence is the docstring under the member."""
    source = Path(__file__).parents[2].joinpath("localcloud/fly/faults/board.py").read_text()
    for kind in FaultKind:
        found = re.search(rf'{kind.name} = "{kind.value}"\n    """(.*?)"""', source, re.DOTALL)
        sentence = " ".join(found[1].split()) if found else "The whole API answers `status` (503)."
        yield f"| `{kind.value}` | {sentence} |"


def _table(kind: str, properties: dict[str, Any], required: tuple[str, ...]) -> list[str]:
    rows = []
    for name, spec in properties.items():
        must = " (required)" if name in required else ""
        rows.append(f"| `{name}`{must} | {_type(spec)} | {_marks(spec)}{_text(spec)} |")
    return [f"| {kind} | type | |", "|---|---|---|", *rows, ""]


def _marks(spec: dict[str, Any]) -> str:
    marks = [name for key, name in (("secret", "secret"), ("replaceOnChanges", "replaces")) if spec.get(key)]
    return f"*{', '.join(marks)}.* " if marks else ""


def _type(spec: dict[str, Any]) -> str:
    if "$ref" in spec:
        return f"`{spec['$ref'].rpartition(':')[2].rpartition('/')[2]}`"
    inner = spec.get("items") or spec.get("additionalProperties")
    name = str(spec.get("type", "any"))
    return f"{name} of {_type(inner)}" if isinstance(inner, dict) else name


def _text(spec: dict[str, Any]) -> str:
    return " ".join(str(spec.get("description", "")).split()).replace("|", "\\|")
