"""Spans of what a turn does, by OpenTelemetry: how long and with what outcome, and nothing that anybody said.

Only OpenTelemetry's API is used here, which does nothing until a service says where spans go.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer, TracerProvider

from assistant.model_event import ModelAsked

Values = Mapping[str, str | int | float | bool]
_NAME = "teller"
_tracer: Tracer = trace.get_tracer(_NAME)


def send_to(provider: TracerProvider) -> None:
    """Has spans made by this provider from now on.

    It is not made the provider of the whole process, since libraries would record through it what people type into addresses.
    """
    global _tracer
    _tracer = provider.get_tracer(_NAME)


@contextmanager
def span(name: str, **values: str) -> Iterator[Span]:
    """A span around what is done, with these attributes; of what is raised it tells the class alone, since messages quote people."""
    told = {f"teller.{key}": value for key, value in values.items()}
    with _tracer.start_as_current_span(
        name, attributes=told, record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield current
        except Exception as error:
            _failed(current, type(error).__name__)
            raise


def asked(call: ModelAsked, server: Values, end: int | None = None) -> int:
    """A span for a call of a model, by the conventions for generative AI, that ended now or at `end`; when it began.

    Times are nanoseconds since 1970; `server` are the attributes that say where the model runs.
    """
    end = end if end is not None else time.time_ns()
    begin = end - int(call.total_ms * 1_000_000)
    current = _tracer.start_span(f"chat {call.model}", kind=SpanKind.CLIENT, start_time=begin, attributes=_values(call))
    current.set_attributes(server)
    if call.failure:
        _failed(current, call.failure)
    current.end(end)
    return begin


def _values(call: ModelAsked) -> dict[str, str | int | float | bool]:
    values: dict[str, str | int | float | bool] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": call.model,
        "gen_ai.usage.input_tokens": call.input_tokens,
        "gen_ai.usage.output_tokens": call.output_tokens,
        "gen_ai.prompt.name": call.prompt,
    }
    if call.failure is None:
        values["gen_ai.response.model"] = call.model
    if call.first_ms is not None:
        values["gen_ai.response.time_to_first_chunk"] = call.first_ms / 1000
    return values


def _failed(current: Span, kind: str) -> None:
    current.set_attribute("error.type", kind)
    current.set_status(Status(StatusCode.ERROR))
