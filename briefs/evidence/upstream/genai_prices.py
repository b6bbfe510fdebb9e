"""``genai-prices``: list prices with comments and start dates, a second opinion.

Its data are a module of Python, which is read as text and never run.
"""

import ast
import datetime as dt
from collections.abc import Iterator
from typing import Any

from briefs.evidence.upstream import list_prices
from briefs.evidence.upstream.contract import Connector, Package, Row, Settings, UpstreamError


def extract(data: bytes, settings: Settings) -> Iterator[Row]:
    """Yield the prices of every model that hold at all hours."""
    for provider in _value(_providers(ast.parse(data))):
        for model in provider["models"]:
            about = {"name": model["name"]} if model.get("name") else {}
            rows = (
                row
                for start, price in _dated(model.get("prices"))
                for row in _rows(provider["id"], model["id"], start, price, about)
            )
            yield from list_prices.histories(rows)


def _providers(module: ast.Module) -> ast.expr:
    for node in module.body:
        match node:
            case ast.AnnAssign(target=ast.Name(id="providers"), value=ast.expr() as value):
                return value
            case ast.Assign(targets=[ast.Name(id="providers")], value=value):
                return value
    raise UpstreamError("layout", "no list of providers")


def _value(node: ast.expr) -> Any:
    """Value of a literal; what is built by a call is its named arguments, with ``call`` for its name."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return [_value(item) for item in items]
        case ast.Dict(keys=keys, values=values):
            return {_value(k): _value(v) for k, v in zip(keys, values, strict=True) if k}
        case ast.Call(func=ast.Name(id="Decimal"), args=[ast.Constant(value=text)]):
            return float(str(text))
        case ast.Call(func=ast.Attribute(attr="date") | ast.Name(id="date"), args=parts):
            return dt.date(*map(_value, parts))
        case ast.Name() | ast.Attribute():
            return ast.unparse(node)
        case ast.Call(func=function, keywords=keywords):
            named = {word.arg: _value(word.value) for word in keywords if word.arg}
            return {**named, "call": ast.unparse(function)}
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand)
    raise UpstreamError("layout", f"line {node.lineno}: not plain data: {ast.unparse(node)[:60]}")


def _dated(prices: Any) -> Iterator[tuple[dt.date | None, dict[str, Any]]]:
    """Yield each price with the day it starts on; those of certain hours are left out."""
    if isinstance(prices, dict):
        yield None, prices
        return
    for conditional in prices or ():
        constraint = conditional.get("constraint")
        if not constraint:
            yield None, conditional["prices"]
        elif constraint["call"] == "StartDateConstraint":
            yield constraint["start_date"], conditional["prices"]


def _rows(
    provider: str, model: str, start: dt.date | None, price: dict[str, Any], about: dict[str, Any]
) -> Iterator[Row]:
    rates = _base(price.get("input_mtok")), _base(price.get("output_mtok"))
    yield from list_prices.price(provider, model, start, rates, list_prices.DOCUMENTED, **about)


def _base(price: Any) -> Any:
    """Price of a short prompt, where longer ones cost more."""
    return price["base"] if isinstance(price, dict) else price


CONNECTOR = Connector(
    id="genai-prices",
    title="genai-prices Python package",
    publisher="Pydantic",
    url="https://github.com/pydantic/genai-prices",
    licence="MIT",
    rhythm=30,
    transport=Package("pypi", "genai-prices", "genai_prices/data.py"),
    layout=list_prices.layout(500, ("openai", "gpt-4o"), ("anthropic",)),
    extract=extract,
)
