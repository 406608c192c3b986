"""What callers send."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

Name = Annotated[str, Field(min_length=1, max_length=64)]
Inputs = Annotated[dict[str, Annotated[str, Field(max_length=4000)]], Field(max_length=64)]


class Asked(BaseModel):
    """A customer's inputs by slot; texts come back in the language of `locale`."""

    customer: Name
    inputs: Inputs = {}
    locale: Name = "zh-CN"
