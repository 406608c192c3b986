"""The operations and queries by name, which is their module's."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import Any

from assistant.demo_bank import operations as operation_modules
from assistant.demo_bank import queries as query_modules


@cache
def operations() -> Mapping[str, Any]:
    """Every module of `operations/`."""
    return _modules(operation_modules)


@cache
def queries() -> Mapping[str, Any]:
    """Every module of `queries/`."""
    return _modules(query_modules)


def _modules(package: ModuleType) -> Mapping[str, Any]:
    found = pkgutil.iter_modules(package.__path__)
    return {entry.name: importlib.import_module(f"{package.__name__}.{entry.name}") for entry in found}
