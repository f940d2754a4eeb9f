"""A chart as a picture, drawn by matplotlib (the extra `charts`)."""

import os
from collections.abc import Sequence
from datetime import datetime
from importlib.util import find_spec
from pkgutil import resolve_name
from typing import Any
from warnings import catch_warnings, simplefilter

from awsmini.errors import AwsminiError
from awsmini.format.series import Series
from awsmini.system.atomic import check_writable, saving

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
    try:
        check_writable(path)
    except OSError as error:
        raise PictureError(f"--chart-file: {path} cannot be written: {error.strerror}") from error
    return kind


def save(found: Sequence[Series], path: str, title: str) -> None:
    """Write the picture, whole or not at all."""
    kind = check(path)
    units = list(dict.fromkeys(each.unit for each in found))  # an axis has one
    figure: Any = resolve_name(FIGURE)(figsize=(10, 1 + 4 * len(units)), layout="constrained")
    figure.suptitle(title)
    with catch_warnings():
        simplefilter("ignore")  # of characters that the font has not
        for axes, unit in zip(figure.subplots(len(units), squeeze=False)[:, 0], units, strict=True):
            _draw(axes, [each for each in found if each.unit == unit])
            axes.set_ylabel(unit)
        with saving(path) as file:
            figure.savefig(file, format=kind)


def _draw(axes: Any, found: Sequence[Series]) -> None:
    """The series of one unit."""
    zone: datetime | None = None
    places: dict[str, int] = {}
    for number, each in enumerate(found):
        across, up = zip(*each.points, strict=True)
        label = f" {each.label}".replace("$", r"\$")  # dollars would be formulas, and what begins with _ not shown
        if isinstance(across[0], datetime):
            zone = across[0]
            axes.plot(across, up, label=label, marker="o" if len(up) < 60 else None, markersize=3)
        else:
            for name in across:
                places.setdefault(str(name), len(places))
            share = 0.8 / len(found)
            axes.bar([places[str(name)] + share * number for name in across], up, share, label=label, align="edge")
    if zone is not None:
        locator = resolve_name(LOCATOR)(tz=zone.tzinfo)
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(resolve_name(FORMATTER)(locator, tz=zone.tzinfo))
        axes.set_xlabel(f"{zone:%Z}")
    if places:
        axes.set_xticks([at + 0.4 for at in places.values()], [name.replace("$", r"\$") for name in places])
    axes.grid(alpha=0.3)
    axes.legend()
