"""Sends the spans of a service to an OpenTelemetry collector, where the settings name one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version

from assistant import tracing
from assistant.settings import Settings

# A service that is told to stop ends without waiting for more.
_DELAY = 1_000


@contextmanager
def telling(settings: Settings) -> Iterator[None]:
    """Spans are sent for as long as this lasts, those of a second together; without an endpoint none is ever made."""
    if settings.otlp_endpoint is None:
        yield
        return
    # Takes a while to import, and only this needs it.
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(
        resource=Resource.create({"service.name": "teller", "service.version": version("teller")})
    )
    insecure = settings.otlp_endpoint.scheme == "http"
    exporter = OTLPSpanExporter(endpoint=str(settings.otlp_endpoint), insecure=insecure)
    provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=_DELAY))
    tracing.send_to(provider)
    try:
        yield
    finally:
        provider.shutdown()
