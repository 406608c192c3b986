"""What is wrong with a desk's rules, in plain words: what, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from assistant.flow_file import form
from assistant.flow_mistake import listed, meant

_TOGETHER = "desk_rules"
_BOUNDS = {"ge": "at least", "le": "at most"}
_WANTED = {"int": "a whole number", "str": "a text, in quotes", "bool": "true or false", "tuple": "a list"}
_WANTED |= {"mapping": "a table of `name: value`", "dict": "a table of `name: value`", "model": "a table with its keys"}


class WrongDesk(Exception):
    """The desk's rules are wrong; one line for each mistake."""


def refuse(problems: Sequence[str]) -> None:
    """Raises where there are problems, each written `where: what; what to do`."""
    if problems:
        raise PydanticCustomError(_TOGETHER, "{problems}", {"problems": "\n".join(problems)})


def lines(file: str, model: type[BaseModel], error: ValidationError) -> list[str]:
    """One line for each mistake, each once."""
    found = (line for item in error.errors(include_url=False) for line in _told(model, item))
    return list(dict.fromkeys(f"{file}: {where}: {what} - {mend}" for where, what, mend in found))


def _told(model: type[BaseModel], item: ErrorDetails) -> Iterator[tuple[str, str, str]]:
    if item["type"] == _TOGETHER:
        for problem in item["msg"].split("\n"):
            where, _, rest = problem.partition(": ")
            what, _, mend = rest.partition("; ")
            yield where, what, mend
        return
    loc = [str(part) for part in item["loc"] if part != "[key]"]
    what, mend = _sentence(model, item, is_key="[key]" in item["loc"])
    yield ".".join(loc), what, mend


def _sentence(model: type[BaseModel], item: ErrorDetails, is_key: bool) -> tuple[str, str]:
    type_, context = item["type"], item.get("ctx", {})
    if type_ == "value_error":
        what, _, mend = item["msg"].removeprefix("Value error, ").partition("; ")
        return what, mend
    if type_ == "missing":
        return "is missing", "add it"
    if type_ == "extra_forbidden":
        keys = _keys(model, item["loc"][:-1])
        return "is no key here", meant(str(item["loc"][-1]), keys, f"there may be {listed(keys)}")
    if is_key:
        return _wrong_name(item)
    bound = next((f"{told} {context[sign]}" for sign, told in _BOUNDS.items() if sign in context), None)
    if bound:
        return f"is {item['input']}", f"make it {bound}"
    return _misfit(item)


def _wrong_name(item: ErrorDetails) -> tuple[str, str]:
    if item["type"] == "enum":
        known = [name.strip("' ") for name in item["ctx"]["expected"].replace(" or ", ",").split(",")]
        return "is none of the reasons", meant(str(item["input"]), known, f"there are {listed(known)}")
    if item["type"] == "string_type":
        return f"is no name to YAML but {form(item['input'])}", "put it in quotes, or rename it"
    return "is no name", "write it in small letters, digits and _"


def _misfit(item: ErrorDetails) -> tuple[str, str]:
    given, type_ = item["input"], item["type"]
    if given in (None, ""):
        return "is empty", "write it, or delete the key if it may be left out"
    if type_ == "literal_error":
        return f"is {given}", f"make it {item['ctx']['expected']}"
    wanted = next((told for sign, told in _WANTED.items() if type_.startswith(sign)), "a text, in quotes")
    return f"is {form(given)}", f"make it {wanted}"


def _keys(model: Any, loc: Sequence[int | str]) -> list[str]:
    """The keys that the table at this place may have."""
    for part in loc:
        if isinstance(model, type) and issubclass(model, BaseModel):
            fields = {field.alias or name: field for name, field in model.model_fields.items()}
            model = fields[str(part)].annotation
        else:
            model = next(inner for inner in reversed(get_args(model)) if inner is not Ellipsis)
        model = get_args(model)[0] if hasattr(model, "__metadata__") else model
    return [field.alias or name for name, field in model.model_fields.items()]
