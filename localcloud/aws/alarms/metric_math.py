"""Metric math over the values of one period: arithmetic, comparisons, IF and FILL; pure.

Anything else is refused when the alarm is made, so that no alarm silently watches nothing.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping

Values = Mapping[str, float | None]

_BINARY: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_COMPARE: dict[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_ARGUMENTS = {"IF": 3, "FILL": 2}


class UnsupportedExpression(ValueError):
    """The expression uses more than is evaluated here."""


def check_expression(text: str) -> None:
    """Refuse what cannot be evaluated.

    Raises:
        UnsupportedExpression: always with the part that is too much.
    """
    for node in ast.walk(_parse(text)):
        _check(node, text)


def evaluate_expression(text: str, values: Values) -> float | None:
    """Return an expression's value for one period; None when a metric it needs is missing, or on 1/0."""
    return _value(_parse(text).body, values)


def _parse(text: str) -> ast.Expression:
    try:
        return ast.parse(text.strip(), mode="eval")
    except SyntaxError as error:
        raise UnsupportedExpression(f"expression {text!r} cannot be read") from error


def _check(node: ast.AST, text: str) -> None:
    plain = (ast.Expression, ast.Name, ast.Constant, ast.Load, ast.BinOp, ast.UnaryOp, ast.USub, ast.UAdd)
    if isinstance(node, plain) or type(node) in _BINARY or type(node) in _COMPARE:
        return
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return
    if _is_known_call(node):
        return
    raise UnsupportedExpression(f"expression {text!r} uses more than arithmetic, comparisons, IF and FILL")


def _is_known_call(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.keywords:
        return False
    return _ARGUMENTS.get(node.func.id) == len(node.args)


def _value(node: ast.AST, values: Values) -> float | None:
    found: float | None
    match node:
        case ast.Constant(value=int() | float() as number):
            found = float(number)
        case ast.Name(id=name):
            found = values.get(name)
        case ast.UnaryOp(op=sign, operand=inner):
            factor = 1 if isinstance(sign, ast.UAdd) else -1
            found = _apply(operator.mul, factor, _value(inner, values))
        case ast.BinOp(left=left, op=sign, right=right):
            found = _apply(_BINARY[type(sign)], _value(left, values), _value(right, values))
        case ast.Compare(left=left, ops=[sign], comparators=[right]):
            found = _apply(_COMPARE[type(sign)], _value(left, values), _value(right, values))
        case ast.Call(func=ast.Name(id="IF"), args=[test, yes, no]):
            chosen = _value(test, values)
            found = None if chosen is None else _value(yes if chosen else no, values)
        case ast.Call(func=ast.Name(id="FILL"), args=[inner, filler]):
            existing = _value(inner, values)
            found = _value(filler, values) if existing is None else existing
        case _:
            raise UnsupportedExpression(f"cannot evaluate {ast.dump(node)}")
    return found


def _apply(
    function: Callable[[float, float], float], left: float | None, right: float | None
) -> float | None:
    if left is None or right is None:
        return None
    try:
        return float(function(left, right))
    except (ZeroDivisionError, OverflowError):
        return None
