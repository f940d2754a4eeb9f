"""Files of other programs that a secret is written to."""

import os
from collections.abc import Mapping

from awsmini.system.atomic import PRIVATE, saving
from awsmini.system.user_dirs import home_folder


def home_file(name: str, env: Mapping[str, str]) -> str:
    """A file in the home folder."""
    return os.path.join(home_folder(env), name)


def write_secret(path: str, text: str) -> None:
    """Give a file new content that its owner alone can read, whatever its mode was; a link stays a link.

    Raises OSError, with the old content where it was.
    """
    with saving(path, PRIVATE) as file:
        file.write(text.encode())
