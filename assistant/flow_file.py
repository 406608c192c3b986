"""A flow file's content, and its mistakes in plain words: YAML's, and those of a form that no flow has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from assistant.flow_mistake import Mistake, listed, meant
from assistant.part import Choosable, Slot, Text
from assistant.step import Step

_KINDS = {tag.tag: kind for kind, tag in map(get_args, get_args(get_args(Step)[0]))}
_FLOW = ("title", "summary", "identity", "skill", "lead", "offer", "slots", "steps")
_WANTED = {
    "mapping": "a table of `name: value`",
    "dict": "a table of `name: value`",
    "tuple": "a list",
    "bool": "true or false",
}
_TWICE = "stands twice"
_YAML_MENDS = {
    r"'\t'": "indent with spaces, never with tabs",
    "cannot start any token": "put the text in quotes",
    "mapping values are not allowed": "put a text that holds a colon and a space in quotes, and indent keys alike",
    "could not find expected ':'": "write `name: value`, and indent the lines of a long text under its name",
    "expected <block end>": "indent this line like those it belongs with",
    "expected ',' or": "close the bracket, and put a text that holds a comma, a bracket or a ? in quotes",
    "while scanning a quoted": "close the quotes",
    "alias": "put a text that begins with * or & in quotes",
    _TWICE: "rename one of the two, or delete it",
}


class WrongFile(Exception):
    """A file is not YAML, or not of a flow's form."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes


class _Once:
    """Refuses a key that stands twice, of which YAML would keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value} {_TWICE}", key.start_mark)
            seen |= {key.value} if isinstance(key, yaml.ScalarNode) else set()
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)  # type: ignore[misc]
        return mapping


class _Loader(_Once, yaml.CSafeLoader):
    """Reads ten times as fast as the other, but its mistakes say less."""


class _TellingLoader(_Once, yaml.SafeLoader):
    """Tells mistakes so that they can be mended."""


def load(path: Path) -> dict[Any, Any]:
    """The content of a flow file; raises WrongFile where it has no keys, or one of them twice."""
    content = table(path, _FLOW)
    if "id" in content:
        raise WrongFile([Mistake(path.stem, "id", "a flow's id is the name of its file", "delete this key")])
    return content


def table(path: Path, keys: Iterable[str]) -> dict[Any, Any]:
    """The content of a YAML file that has keys, such as these; raises WrongFile where it has none, or one of them twice."""
    try:
        content = _read(path.read_text(encoding="utf-8"))
    except yaml.MarkedYAMLError as error:
        raise WrongFile([_not_yaml(path.stem, error)]) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        told = "the file is no plain text: " + " ".join(str(error).split())
        raise WrongFile([Mistake(path.stem, "the file", told, "save it as UTF-8 text")]) from error
    except ValueError as error:
        told = f"something in it looks like a date and is none: {error}"
        raise WrongFile([Mistake(path.stem, "the file", told, "put that text in quotes")]) from error
    if not isinstance(content, dict):
        told = "the file is empty" if content is None else f"the file is {form(content)}"
        raise WrongFile([Mistake(path.stem, "the file", told, f"give it the keys {listed(keys)}")])
    return content


def _read(text: str) -> Any:
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - a safe loader
    except yaml.YAMLError:
        return yaml.load(text, _TellingLoader)  # noqa: S506 - a safe loader


def _not_yaml(flow: str, error: yaml.MarkedYAMLError) -> Mistake:
    told = " ".join(filter(None, [error.context, error.problem]))
    mend = next((mend for sign, mend in _YAML_MENDS.items() if sign in told), "mend this line")
    mark = error.problem_mark or error.context_mark
    return Mistake(flow, f"line {mark.line + 1}" if mark else "the file", error.problem or "it is not YAML", mend)


def mistakes(flow: str, error: ValidationError) -> list[Mistake]:
    """What pydantic found wrong with a flow's form, in the words of a flow's author; each mistake once."""
    found = [item for item in error.errors(include_url=False) if not _is_noise(item)]
    return list(dict.fromkeys(_told(flow, item) for item in found))


def _is_noise(item: ErrorDetails) -> bool:
    """Next is a text or a table: what was given as the one is not wrong for not being the other."""
    tried = item["loc"][4:] if item["loc"][3:4] == ("next",) else ()
    return (tried == ("str",) and isinstance(item["input"], dict)) or (tried[:1] != ("str",) and len(tried) == 1)


def _told(flow: str, item: ErrorDetails) -> Mistake:
    where, within, key = _place(item["loc"])
    where = str(item["loc"][0]) if key and len(item["loc"]) == 3 else where
    named = ".".join(within) or where.rpartition(".")[2]
    what, mend = _sentence(named, within[-1] if within else where, key, item)
    return Mistake(flow, where, what, mend)


def _place(loc: tuple[int | str, ...]) -> tuple[str, tuple[str, ...], bool]:
    """The step, slot or key that is wrong, what in it, and whether its name is: without the kinds that pydantic tried."""
    parts = tuple(map(str, loc))
    key = parts[-1] == "[key]"
    parts = parts[:-1] if key else parts
    if parts[0] not in ("steps", "slots") or len(parts) == 1:
        return parts[0], parts[1:], key
    where, within = (parts[1], parts[3:]) if parts[0] == "steps" else (f"slots.{parts[1]}", parts[2:])
    return where, (within[0], *within[2:]) if within[:1] == ("next",) else within, key


def _sentence(named: str, last: str, key: bool, item: ErrorDetails) -> tuple[str, str]:
    given, type_ = item["input"], item["type"]
    if key:
        return f"{given!r} is no name to YAML but {form(given)}", "put it in quotes, or rename it"
    if type_ == "invalid_key":
        return "a key is no name to YAML", f"there may be {listed(_FLOW)}"
    if type_ == "value_error":
        what, _, mend = item["msg"].removeprefix("Value error, ").partition("; ")
        return (what, mend) if mend else (f"{named} is {given or 'empty'}", what)
    if type_ == "step_kind":
        return _no_kind(given)
    if type_ == "missing":
        return f"{named} is missing", "add it"
    if type_ == "extra_forbidden":
        return f"{last} is no key here", meant(last, _keys(item["loc"]), f"there may be {listed(_keys(item['loc']))}")
    return _misfit(named, item)


def _misfit(named: str, item: ErrorDetails) -> tuple[str, str]:
    """A value of the wrong form."""
    given, type_ = item["input"], item["type"]
    if named.startswith("next"):
        table = ", or give a table of `answer: step`" if named == "next" else ""
        return f"{named} is {form(given)}", f"name a step{table}"
    if given in (None, ""):
        return f"{named} is empty", "write it, or delete the key if it may be left out"
    if type_.startswith("model_"):
        return f"{named} is {form(given)}", f"write it with its keys: {listed(_keys((*item['loc'], ''), needed=True))}"
    if type_ in ("literal_error", "enum"):
        known = re.findall("'(.*?)'", item["msg"])
        return f"{named} is {given}", f"make it one of: {listed(known)}"
    wanted = next((form for sign, form in _WANTED.items() if type_.startswith(sign)), "a text")
    quoted = ", in quotes" if not isinstance(given, dict | list | str) else ""
    return f"{named} is {form(given)}", f"make it {wanted}{quoted}"


def _no_kind(given: Any) -> tuple[str, str]:
    if not isinstance(given, dict):
        return f"the step is {form(given)}", f"give it one of the keys {listed(_KINDS)}"
    named = [kind for kind in _KINDS if kind in given]
    if named:
        return f"the step is several in one: {listed(named)}", "make each a step of its own"
    near = [meant(str(key), _KINDS, "") for key in given]
    return "the step does nothing that is known", next(filter(None, near), f"give it one of the keys {listed(_KINDS)}")


def _keys(loc: tuple[int | str, ...], *, needed: bool = False) -> list[str]:
    """The keys that there may be beside the last one, or those of them that there must be."""
    if len(loc) == 1:
        return list(_FLOW)
    if loc[0] == "steps" and len(loc) == 4:
        fields: Mapping[str, Any] = _KINDS[str(loc[2])].model_fields
    elif loc[0] == "slots" and len(loc) in (3, 5):
        fields = Slot.model_fields if len(loc) == 3 else Choosable.model_fields
    else:
        fields = Text.model_fields
    return [field.alias or name for name, field in fields.items() if field.is_required() or not needed]


def form(given: Any) -> str:
    """What YAML took a value for."""
    forms = {dict: "a table", list: "a list", bool: "true or false", int: "a number", float: "a number", str: "a text"}
    return forms.get(type(given), "nothing" if given is None else f"a {type(given).__name__}")
