"""Reads a type's shape from the pulumi_aws source without importing it (importing `ec2` alone costs 0.6 s).

The SDK is generated, so its form is strict: an args class whose `__init__` is annotated with
`pulumi.Input[...]`, one getter per property that carries the wire name, a `_<Class>State` class with every
output, and nested args classes in the module's `_inputs.py`. The args class is the first name of `__all__`:
not always `<Class>Args`.
"""

from __future__ import annotations

import ast
import importlib.machinery
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lifeboat.core.errors import ConfigError
from localcloud.provider_aws.shape import Property, Shape, TypeExpression

_ALL = re.compile(r"^__all__ = \['(\w+)', '(\w+)'\]$", re.MULTILINE)
_SECRETS = re.compile(r"additional_secret_outputs=\[([^\]]*)\]")
_PRIMITIVES = {"str": "str", "int": "int", "float": "float", "bool": "bool"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sdk:
    """The installed pulumi_aws: where it lies, and its version."""

    folder: Path
    version: str


@cache
def installed_sdk() -> Sdk:
    """Find pulumi_aws.

    Raises:
        ConfigError: it is not installed.
    """
    spec = importlib.machinery.PathFinder.find_spec("pulumi_aws")
    if spec is None or not spec.submodule_search_locations:
        raise ConfigError("pulumi_aws is not installed", hint="install the project's requirements")
    folder = Path(spec.submodule_search_locations[0])
    plugin = json.loads((folder / "pulumi-plugin.json").read_text())
    return Sdk(folder=folder, version=str(plugin["version"]))


def read_shape(sdk: Sdk, token: str) -> Shape:
    """Read the shape of a type token such as `aws:s3/bucket:Bucket`.

    Raises:
        ConfigError: the SDK has no such type.
    """
    module, file = module_and_file(token)
    path = sdk.folder / module / f"{file}.py"
    if not path.is_file():
        raise ConfigError(
            f"pulumi_aws {sdk.version} has no type {token}", hint="check the spelling of the type"
        )
    source = path.read_text()
    names = _ALL.search(source)
    if names is None:
        raise ConfigError(f"{path.name} of pulumi_aws {sdk.version} has an unknown form")
    args, resource = names.groups()
    reader = _ObjectReader(path.with_name("_inputs.py"))
    inputs = reader.fields(_class(source, args))
    return Shape(
        inputs=inputs,
        outputs=frozenset(_wire_names(_class(source, f"_{resource}State")).values()),
        secret_outputs=_secrets(source),
        objects=reader.closure(inputs),
    )


def module_and_file(token: str) -> tuple[str, str]:
    """Return the folder and the snake-case file stem of a type token; module `lambda` becomes `lambda_`."""
    try:
        _package, middle, _name = token.split(":")
        module, noun = middle.split("/")
    except ValueError:
        raise ConfigError(f"{token!r} is not a type of the aws package") from None
    stem = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", noun).lower()
    return ("lambda_" if module == "lambda" else module), stem


def _secrets(source: str) -> frozenset[str]:
    match = _SECRETS.search(source)
    return frozenset(re.findall(r'"(\w+)"', match.group(1))) if match else frozenset()


def _class(source: str, name: str) -> ast.ClassDef:
    # Only the class's own lines are parsed: some modules have 28,000 of them.
    start = max(source.find(f"\nclass {name}:"), source.find(f"\nclass {name}("))
    if start < 0:
        raise ConfigError(f"pulumi_aws has no class {name}")
    ends = [source.find(word, start + 1) for word in ("\nclass ", "\n@", "\ndef ")]
    end = min((at for at in ends if at >= 0), default=len(source))
    statement = ast.parse(source[start:end]).body[0]
    if not isinstance(statement, ast.ClassDef):
        raise ConfigError(f"{name} of pulumi_aws is not a class")
    return statement


def _wire_names(node: ast.ClassDef) -> dict[str, str]:
    names = {}
    for method in node.body:
        if isinstance(method, ast.FunctionDef) and method.name != "__init__":
            for decorator in method.decorator_list:
                names.update(_getter_name(decorator, method.name))
    return names


def _getter_name(decorator: ast.expr, python_name: str) -> dict[str, str]:
    if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute):
        name = [word.value for word in decorator.keywords if word.arg == "name"]
        if decorator.func.attr == "getter" and name and isinstance(name[0], ast.Constant):
            return {python_name: str(name[0].value)}
    if isinstance(decorator, ast.Attribute) and decorator.attr == "getter":
        return {python_name: python_name}
    return {}


class _ObjectReader:
    """Reads args classes, and collects the nested ones they name."""

    def __init__(self, inputs_file: Path) -> None:
        self._source = inputs_file.read_text() if inputs_file.is_file() else ""

    def fields(self, node: ast.ClassDef) -> dict[str, Property]:
        names = _wire_names(node)
        init = next(
            part for part in node.body if isinstance(part, ast.FunctionDef) and part.name == "__init__"
        )
        return {
            names[argument.arg]: Property(type=self._type(argument.annotation), required=default is None)
            for argument, default in zip(init.args.kwonlyargs, init.args.kw_defaults, strict=True)
        }

    def closure(self, inputs: dict[str, Property]) -> dict[str, dict[str, Property]]:
        objects: dict[str, dict[str, Property]] = {}
        waiting = list(inputs.values())
        while waiting:
            name = _object_name(waiting.pop().type)
            if name and name not in objects:
                objects[name] = self.fields(_class(self._source, name))
                waiting.extend(objects[name].values())
        return objects

    def _type(self, node: ast.expr | None) -> TypeExpression:
        if isinstance(node, ast.Attribute):
            return "asset" if node.attr in ("Asset", "Archive") else _PRIMITIVES.get(node.attr, "any")
        if isinstance(node, ast.Constant):
            return self._named(str(node.value))
        if isinstance(node, ast.Subscript):
            return self._generic(ast.unparse(node.value).rsplit(".", 1)[-1], node.slice)
        return "any"

    def _named(self, name: str) -> TypeExpression:
        if name.endswith("Args") and f"\nclass {name}:" in self._source:
            return ["object", name]
        # Another module's args class may hold anything; a name without `Args` is an enumeration of texts.
        return "any" if name.endswith("Args") else "str"

    def _generic(self, outer: str, inner: ast.expr) -> TypeExpression:
        parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        if outer in ("Input", "Optional", "InputType"):
            return self._type(parts[0])
        if outer == "Sequence":
            return ["list", self._type(parts[0])]
        if outer == "Mapping":
            return ["map", self._type(parts[1])]
        options = [self._type(part) for part in parts]
        return options[0] if all(option == options[0] for option in options) else "any"


def _object_name(kind: TypeExpression) -> str | None:
    while isinstance(kind, list):
        if kind[0] == "object":
            return str(kind[1])
        kind = kind[1]
    return None
