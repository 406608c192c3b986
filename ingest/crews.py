"""Where processes that read are had from: this machine, or a Ray cluster."""

from __future__ import annotations

import importlib
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import cycle
from typing import Any

from ingest.due_file import ReadFile
from ingest.spread import Crew, Died, Hand, Hire, MakeEmbedder, Parcel

_hands: list[Hand] = []
"""This process's, where it is one of a crew."""


class NoRay(Exception):
    """TELLER_RAY_ADDRESS is set and Ray is not installed: run `pip install ray`, or unset it."""


class RayAway(Exception):
    """The Ray cluster that TELLER_RAY_ADDRESS names does not answer: {}"""


def own_processes(make_embedder: MakeEmbedder) -> Hire:
    """Processes of this machine."""

    @contextmanager
    def hire(count: int) -> Iterator[Crew]:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(count, context, initializer=_begin, initargs=(make_embedder,)) as pool:
            yield _Processes(pool)

    return hire


class _Processes:
    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def send(self, parcel: Parcel) -> Callable[[], list[ReadFile]]:
        try:
            future = self._pool.submit(_read, parcel)
        except BrokenProcessPool as error:
            raise Died from error

        def result() -> list[ReadFile]:
            try:
                return future.result()
            except BrokenProcessPool as error:
                raise Died from error

        return result


def _begin(make_embedder: MakeEmbedder) -> None:
    _hands.append(Hand(make_embedder))


def _read(parcel: Parcel) -> list[ReadFile]:
    return _hands[0].read(parcel)


def ray_cluster(address: str, make_embedder: MakeEmbedder) -> Hire:
    """Actors of a Ray cluster, whose machines have Teller installed and see the files under the same paths.

    `address` is what Ray takes: `auto`, `ray://host:port`, or `local` for this machine alone. Raises NoRay; hiring raises RayAway.
    """
    try:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        ray = importlib.import_module("ray")
    except ImportError as error:
        raise NoRay(NoRay.__doc__) from error

    @contextmanager
    def hire(count: int) -> Iterator[Crew]:
        try:
            ray.init(address, ignore_reinit_error=True, include_dashboard=False, log_to_driver=False)
        except ConnectionError as error:
            raise RayAway(str(RayAway.__doc__).format(error)) from error
        hands = [ray.remote(Hand).remote(make_embedder) for _ in range(count)]
        try:
            yield _Actors(ray, hands)
        finally:
            for hand in hands:
                ray.kill(hand)

    return hire


class _Actors:
    def __init__(self, ray: Any, hands: list[Any]) -> None:
        self._ray = ray
        self._next = cycle(hands)

    def send(self, parcel: Parcel) -> Callable[[], list[ReadFile]]:
        coming = next(self._next).read.remote(parcel)

        def result() -> list[ReadFile]:
            try:
                read: list[ReadFile] = self._ray.get(coming)
            except self._ray.exceptions.RayActorError as error:
                raise Died from error
            return read

        return result
