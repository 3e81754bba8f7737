"""One module for each benchmark, with `run() -> list[Row]`; `make bench` finds them by name (`import_` is called import)."""

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple


class Row(NamedTuple):
    """One measured figure; `baseline` is what it is compared with (a peer, or the same on less data), in the same unit.

    `p95` belongs to a value that is a median; `queries` are those of one call.
    """

    name: str
    value: float
    unit: str
    baseline: float | None = None
    p95: float | None = None
    queries: int | None = None

    @property
    def ratio(self) -> float | None:
        """Return value / baseline, None without a baseline."""
        return self.value / self.baseline if self.baseline else None


def middle_and_p95(times: Sequence[float]) -> tuple[float, float]:
    """Return the median and the 95th percentile of some times.

    >>> middle_and_p95([3.0, 1.0, 2.0])
    (2.0, 3.0)
    """
    ordered = sorted(times)
    return median(ordered), ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
