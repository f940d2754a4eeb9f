"""What a display needs to know of the watching."""

from collections.abc import Callable
from typing import NamedTuple

from awsmini.services.ecs.monitor_lines import Paint
from awsmini.services.ecs.monitor_look import View

PACE = 5.0  # seconds from one look to the next


class Watch(NamedTuple):
    look: Callable[[], View]
    is_over: Callable[[], bool]  # the time that it was to take
    paint: Paint
