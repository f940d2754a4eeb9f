"""`awsmini configure import`: access keys as the console hands them out, a CSV file with a row a user."""

import os
from collections.abc import Iterator

from awsmini.commandline.config_files import write_all_credentials
from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError
from awsmini.params.arguments import flag, option

USER, ACCESS_KEY, SECRET_KEY = "User Name", "Access Key ID", "Secret Access key"


class ImportFileError(AwsminiError):
    """The text is not the console's CSV."""


def run(invocation: Invocation, values: Values) -> int:
    text = values["csv"]
    if "\n" not in text and os.path.exists(text):
        raise ImportFileError(
            "You may be passing a file to import without the 'file://' prefix. "
            "To import a CSV file, use --csv file://path/to/file.csv"
        )
    users = list(parse(text, skip_invalid=values.get("skip_invalid", False)))
    prefix = values.get("profile_prefix", "")
    profiles = {
        prefix + name: {"aws_access_key_id": access_key, "aws_secret_access_key": secret_key}
        for name, access_key, secret_key in users
    }
    write_all_credentials(invocation, profiles)
    invocation.app.stdout.write(f"Successfully imported {len(users)} profile(s)\n")
    return 0


def parse(text: str, *, skip_invalid: bool) -> Iterator[tuple[str, str, str]]:
    """User, access key and secret key of each row."""
    if not text.strip():
        raise ImportFileError("Provided CSV contains no contents")
    first, *rows = text.splitlines()
    headers = [header.removeprefix("\ufeff").lower().strip() for header in first.split(",")]
    columns = {}
    for wanted in (USER, ACCESS_KEY, SECRET_KEY):
        if wanted.lower() not in headers:
            raise ImportFileError(f'Expected header "{wanted}" not found in the first line of --csv')
        columns[wanted] = headers.index(wanted.lower())
    for number, row in enumerate(rows, 1):
        cells = [cell.strip() for cell in row.split(",")]
        found = {name: cells[at] if at < len(cells) else "" for name, at in columns.items()}
        missing = next((name for name, cell in found.items() if not cell), None)
        if missing is None:
            yield found[USER], found[ACCESS_KEY], found[SECRET_KEY]
        elif not skip_invalid:
            raise ImportFileError(f'Failed to parse entry #{number}: Row missing value for header "{missing}"')


command = HandWritten(
    "import",
    run,
    doc="Import the access keys of a CSV file from the console, each as a profile of the user's name.",
    arguments=(
        option("csv", required=True, doc="The CSV text, or file:// and the path of a file with it."),
        flag("skip-invalid", doc="Skip rows without keys instead of failing."),
        option("profile-prefix", doc="What to put before each profile's name."),
    ),
)
