"""A process for each size, warm and ready: asked in turn, since what slows the machine down shall slow all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context

Asked = Callable[[], Mapping[str, float]]
Took = Mapping[tuple[str, int], list[float]]


@contextmanager
def workers(copies: Mapping[int, str]) -> Iterator[Mapping[int, ProcessPoolExecutor]]:
    """By size, whoever is at work on that database."""
    with ExitStack() as stack:
        yield {
            size: stack.enter_context(
                ProcessPoolExecutor(1, get_context("spawn"), initializer=_begin, initargs=(name,))
            )
            for size, name in copies.items()
        }


def in_turn(at: Mapping[int, ProcessPoolExecutor], asked: Asked, turns: int) -> Took:
    """Milliseconds by what was measured and size. Every worker is asked once in each turn, back and forth."""
    took: dict[tuple[str, int], list[float]] = defaultdict(list)
    for turn in range(turns):
        for size in sorted(at, reverse=turn % 2 == 1):
            for what, ms in at[size].submit(asked).result().items():
                took[what, size].append(ms)
    return took


def _begin(name: str) -> None:
    import django

    django.setup()
    from .databases import use

    use(name)
