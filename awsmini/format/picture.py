"""A chart as a picture, drawn by matplotlib (the extra `charts`)."""

import os
from collections.abc import Sequence
from datetime import datetime
from importlib.util import find_spec
from pkgutil import resolve_name
from typing import Any

from awsmini.errors import AwsminiError
from awsmini.format.series import Series
from awsmini.system.atomic import saving

KINDS = ("svg", "png")
FIGURE = "matplotlib.figure:Figure"
FORMATTER, LOCATOR = "matplotlib.dates:ConciseDateFormatter", "matplotlib.dates:AutoDateLocator"


class PictureError(AwsminiError):
    """The picture cannot be drawn."""

    exit_code = 252


def check(path: str) -> str:
    """The kind of picture that the name of a file asks for. Raises PictureError."""
    kind = os.path.splitext(path)[1][1:].lower()
    if kind not in KINDS:
        raise PictureError(f"--chart-file: {path} is no name of a picture: it ends in .svg or .png.")
    if find_spec("matplotlib") is None:
        raise PictureError("--chart-file needs matplotlib: pip install 'awsmini[charts]'")
    return kind


def save(found: Sequence[Series], path: str, title: str) -> None:
    """Write the picture, whole or not at all."""
    kind = check(path)
    figure: Any = resolve_name(FIGURE)(figsize=(10, 5), layout="constrained")
    axes = figure.subplots()
    times = False
    for each in found:
        across, up = zip(*each.points, strict=True)
        label = f"{each.label} ({each.unit})" if each.unit else each.label
        if isinstance(across[0], datetime):
            times = True
            axes.plot(across, up, label=label, marker="o" if len(up) < 60 else None, markersize=3)
        else:
            axes.bar(across, up, label=label)
    if times:
        zone = found[0].points[0][0]
        assert isinstance(zone, datetime)
        locator = resolve_name(LOCATOR)(tz=zone.tzinfo)
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(resolve_name(FORMATTER)(locator, tz=zone.tzinfo))
        axes.set_xlabel(f"{zone:%Z}")
    units = {each.unit for each in found}
    if len(units) == 1:
        axes.set_ylabel(units.pop())
    axes.set_title(title)
    axes.grid(alpha=0.3)
    axes.legend()
    with saving(path) as file:
        figure.savefig(file, format=kind)
