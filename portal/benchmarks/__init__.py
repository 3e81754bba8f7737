"""One module for each benchmark, with `run() -> list[Row]`; `make bench` finds them by name."""

from typing import NamedTuple


class Row(NamedTuple):
    """One measured figure; `baseline` is what it is compared with (a peer, or an earlier figure), in the same unit."""

    name: str
    value: float
    unit: str
    baseline: float | None = None

    @property
    def ratio(self) -> float | None:
        """Return value / baseline, None without a baseline."""
        return self.value / self.baseline if self.baseline else None
