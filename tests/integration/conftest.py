"""One running service for all tests that only talk to it: it takes seconds to start."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.service import RunningService, write_documents


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """The whole service, run as users run it, over the small knowledge base."""
    root = tmp_path_factory.mktemp("service")
    write_documents(root)
    running = RunningService(root)
    try:
        running.wait()
        yield running
    finally:
        running.end()
