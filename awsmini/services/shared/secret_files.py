"""Files of other programs that a secret is written to."""

import os
from collections.abc import Mapping

from awsmini.system.atomic import NOT_TO_BE_REPLACED, PRIVATE, writing


def home_file(name: str, env: Mapping[str, str]) -> str:
    """A file in the home folder."""
    return os.path.join(env.get("HOME") or os.path.expanduser("~"), name)


def write_secret(path: str, text: str) -> None:
    """Give a file new content that its owner alone can read, whatever its mode was; a link stays a link.

    Raises OSError, with the old content where it was.
    """
    try:
        with writing(path, PRIVATE) as file:
            file.write(text.encode())
    except OSError as error:
        if not os.path.exists(path) or error.errno not in NOT_TO_BE_REPLACED:
            raise
        os.chmod(path, PRIVATE)
        with open(path, "wb") as file:
            file.write(text.encode())
