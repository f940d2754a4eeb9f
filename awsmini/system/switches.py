"""Variables of the environment that switch something on or off: AWSMINI_LOCAL, AWSMINI_COMPLETE_REMOTE."""

from collections.abc import Mapping

_OFF = frozenset(("0", "false", "no", "off"))


def is_on(env: Mapping[str, str], name: str, default: bool = False) -> bool:
    """Whether the variable switches on: any word does but 0, false, no and off; an empty one says nothing."""
    word = env.get(name, "").strip().lower()
    return word not in _OFF if word else default
