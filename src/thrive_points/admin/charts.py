"""Charts as geometry: finished numbers for inline SVG that carries its values as text."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

WIDTH, HEIGHT = 960, 260
LEFT, RIGHT, TOP, BOTTOM = 24, 4, 24, 48
SQUARE = 260


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar with its label below and its value above; all places are SVG units."""

    x: str
    y: str
    width: str
    height: str
    middle: str
    value_y: str
    label: str
    value: str
    before_x: str = ""
    before_y: str = ""
    before_width: str = ""
    before_height: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BarChart:
    """Bars over a base line.

    Args:
        title: what is shown.
        description: the same in one sentence, for those who do not see it.
        compares: whether each bar stands before a paler one of the span before.
    """

    title: str
    description: str
    bars: tuple[Bar, ...]
    compares: bool
    width: int = WIDTH
    height: int = HEIGHT
    base: int = HEIGHT - BOTTOM
    label_y: int = HEIGHT - BOTTOM + 14


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveChart:
    """A Lorenz curve: `points` of the polyline, and the values that it carries as text."""

    description: str
    points: str
    marks: tuple[tuple[str, str, str], ...]
    size: int = SQUARE


def bars(
    *, title: str, values: Sequence[tuple[str, int]], before: Sequence[int] | None = None
) -> BarChart:
    """Return a bar chart of labelled values.

    Args:
        title: what is shown.
        values: label and value of each bar; values below 0 are drawn as 0.
        before: the value each is compared with.
    """
    earlier = list(before) if before is not None else []
    highest = max([value for _, value in values] + earlier + [1])
    step = (WIDTH - LEFT - RIGHT) / max(1, len(values))
    width = step * 0.7
    base = HEIGHT - BOTTOM
    drawn = []
    for index, (label, value) in enumerate(values):
        x = LEFT + index * step + (step - width) / 2
        height = _scaled(value, highest)
        then = _scaled(earlier[index], highest) if earlier else 0.0
        drawn.append(
            Bar(
                x=f"{x:.1f}",
                y=f"{base - height:.1f}",
                width=f"{width:.1f}",
                height=f"{height:.1f}",
                middle=f"{x + width / 2:.1f}",
                value_y=f"{base - max(height, then) - 5:.1f}",
                label=label,
                value=compact(value),
                # Wider than the bar before it, so that it shows even where it is lower.
                before_x=f"{x - step * 0.12:.1f}",
                before_y=f"{base - then:.1f}" if earlier else "",
                before_width=f"{width + step * 0.24:.1f}",
                before_height=f"{then:.1f}" if earlier else "",
            )
        )
    return BarChart(
        title=title,
        description=_in_words(values),
        bars=tuple(drawn),
        compares=bool(earlier),
    )


def lorenz(shares: Sequence[float]) -> CurveChart:
    """Return the Lorenz curve of the shares that the lowest 0, 10, ... 100 percent hold."""
    last = len(shares) - 1
    places = [
        (20 + n / last * (SQUARE - 40), SQUARE - 20 - share * (SQUARE - 40))
        for n, share in enumerate(shares)
    ]
    return CurveChart(
        description="; ".join(
            gettext("the lowest %(part)d %% hold %(share)s")
            % {"part": n * 100 // last, "share": f"{share:.0%}"}
            for n, share in enumerate(shares)
            if n in (last // 2, last - 1)
        ),
        points=" ".join(f"{x:.1f},{y:.1f}" for x, y in places),
        marks=tuple(
            (f"{x - 6:.1f}", f"{y - 6:.1f}", f"{shares[n]:.0%}")
            for n, (x, y) in enumerate(places)
            if n in (last // 2, last - 1)
        ),
    )


def compact(value: int) -> str:
    """Return a number in at most five characters or so, such as 12.3k."""
    for limit, unit in ((1_000_000_000, "G"), (1_000_000, "M"), (10_000, "k")):
        if abs(value) >= limit:
            return f"{value / (1_000 if unit == 'k' else limit):.3g}{unit}"
    return str(value)


def _scaled(value: int, highest: int) -> float:
    return max(0, value) / highest * (HEIGHT - TOP - BOTTOM)


def _in_words(values: Sequence[tuple[str, int]]) -> str:
    if not values:
        return gettext("No values.")
    low, high = min(values, key=lambda v: v[1]), max(values, key=lambda v: v[1])
    return gettext("Lowest %(low)s (%(when_low)s), highest %(high)s (%(when_high)s).") % {
        "low": f"{low[1]:,}",
        "when_low": low[0],
        "high": f"{high[1]:,}",
        "when_high": high[0],
    }
