"""What is said of a file beside its text: front matter, its sidecar, and what its folders pass on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import frontmatter
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ingest.reader import Unreadable
from ingest.readers.encoding import decode
from knowledge_base.passage import Audience

FOLDER_FILE = "_meta.yaml"
SIDECAR_SUFFIX = ".meta.yaml"


class Metadata(BaseModel):
    """The keys that front matter, a sidecar or a folder's `_meta.yaml` may have."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    title: str | None = None
    audience: Audience = Audience.CUSTOMER
    product: str | None = None
    tags: tuple[str, ...] = ()
    effective_from: date | None = None
    effective_to: date | None = None
    supersedes: str | None = None
    flow: str | None = None
    url: str | None = Field(None, pattern="^(https?://|/)")

    @model_validator(mode="after")
    def _in_order(self) -> Metadata:
        if self.effective_from and self.effective_to and self.effective_from > self.effective_to:
            raise ValueError("effective_to lies before effective_from")
        return self


def sources(path: Path, root: Path) -> list[Path]:
    """The files that metadata of `path` may come from, the most general first."""
    folders = [folder for folder in reversed(path.parents) if folder.is_relative_to(root)] or [path.parent]
    found = [folder / FOLDER_FILE for folder in folders] + [path.with_name(path.name + SIDECAR_SUFFIX)]
    return [source for source in found if source.exists()]


def load(path: Path, root: Path, audience: Audience | None = None) -> Metadata:
    """The metadata of a file; `audience` counts where nothing else says so. Raises Unreadable for what it cannot take.

    A key that is not known fails the file rather than being passed over: a misspelt `audience: staff` must not publish.
    """
    values: dict[str, Any] = {"audience": audience.value} if audience else {}
    for source in sources(path, root):
        values |= _mapping(source)
    values |= front_matter(path)
    return validated(values)


def validated(values: Mapping[str, Any]) -> Metadata:
    """These values as metadata; raises Unreadable for keys or values that it cannot take."""
    try:
        return Metadata.model_validate(values)
    except ValidationError as error:
        details = "; ".join(f"{'.'.join(map(str, item['loc'])) or 'file'}: {item['msg']}" for item in error.errors())
        known = ", ".join(Metadata.model_fields)
        raise Unreadable(f"its metadata is wrong ({details})", f"mend it; known keys are {known}") from error


def _mapping(source: Path) -> dict[str, Any]:
    try:
        values = yaml.safe_load(decode(source))
    except Unreadable as error:
        raise Unreadable(f"{source.name}: {error.reason}", error.remedy) from error
    except (yaml.YAMLError, ValueError) as error:  # a date that does not exist is a ValueError
        raise Unreadable(f"{source.name} is not valid YAML ({error})", "mend the YAML") from error
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise Unreadable(f"{source.name} is not a mapping", "write it as `key: value` lines")
    return values


def front_matter(path: Path) -> dict[str, Any]:
    """What a Markdown file says of itself above its text; nothing, for other files. Raises Unreadable."""
    if path.suffix.lower() not in {".md", ".markdown"}:
        return {}
    try:
        # Decoded as the reader does: `audience: staff` counts in a GBK file too.
        return dict(frontmatter.loads(decode(path)).metadata)
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise Unreadable(
            f"its front matter is not valid YAML ({error})", "mend the YAML between the --- lines"
        ) from error
