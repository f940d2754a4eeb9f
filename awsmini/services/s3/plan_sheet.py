"""What `sync --plan` writes, line by line, and what it counts."""

from collections import Counter

from awsmini.commandline.invocation import Invocation
from awsmini.services.s3 import plans
from awsmini.services.s3.job import Job
from awsmini.services.s3.sizes import readable
from awsmini.services.s3.transfer_settings import TransferSettings
from awsmini.transfer.local import Entry

_PLURALS = {"upload": "uploads", "download": "downloads", "copy": "copies", plans.DELETE: "deletions"}
_SINGULARS = {plans.DELETE: "deletion"}


class Sheet:
    """A plan for `s3 apply`. `broken`: it will not be whole, and is thrown away."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.broken = False
        self.actions: Counter[str] = Counter()
        self.bytes: Counter[str] = Counter()

    def begin(self, settings: TransferSettings) -> str:
        """What stands before the actions."""
        return plans.header_line(self.job)

    def end(self) -> str:
        """What stands after them."""
        return plans.end_line()

    def refusal(self, entry: Entry) -> str | None:
        """Why an entry cannot be on the sheet, if so."""
        return None

    def line(self, action: str, source: str, destination: str | None, entry: Entry) -> str:
        self.actions[action] += 1
        self.bytes[action] += entry.size
        return plans.action_line(action, source, destination, entry)

    def summary(self, invocation: Invocation) -> str:
        """`Planned: 2 uploads (1.2 MiB), 1 deletion (3 Bytes).`"""
        counted = ", ".join(
            f"{count} {_SINGULARS.get(action, action) if count == 1 else _PLURALS[action]} ({readable(self.bytes[action])})"
            for action, count in self.actions.items()
        )
        return f"Planned: {counted or 'nothing, as there is nothing to do'}.\n"
