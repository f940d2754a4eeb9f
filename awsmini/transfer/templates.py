"""The call templates in use, each made when it is first needed."""

from collections.abc import Mapping
from typing import Any

from awsmini.transfer.core import Core, known_members
from awsmini.transfer.template import Template, template

KEPT = 512  # templates; when there are more, all are forgotten


class Templates:
    """By operation, bucket, parameters and what varies. A mapping that many tasks share is looked at once."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self._by_identity: dict[tuple[Any, ...], tuple[Mapping[str, Any], Template]] = {}
        self._by_value: dict[tuple[Any, ...], Template] = {}

    def get(
        self,
        name: str,
        bucket: str,
        params: Mapping[str, Any],
        varying: tuple[str, ...] = (),
        body: bool = False,
        extra: Mapping[str, Any] | None = None,
    ) -> Template:
        """The template of an operation on a bucket. `extra` is the operation's own, the same each time.

        Raises what the core says of the parameters.
        """
        quick = (name, bucket, id(params), varying)
        known = self._by_identity.get(quick)
        if known is not None:
            return known[1]
        operation = self.core.operation(name)
        taken = known_members(operation, params)
        thorough = (name, bucket, repr(sorted(taken.items())), varying)
        made = self._by_value.get(thorough)
        if made is None:
            made = template(self.core, operation, {"Bucket": bucket, **taken, **(extra or {})}, varying, body)
            if len(self._by_value) >= KEPT:
                self._by_value.clear()
            self._by_value[thorough] = made
        if len(self._by_identity) >= KEPT:
            self._by_identity.clear()
        self._by_identity[quick] = params, made  # holding the mapping, so that its id stays its own
        return made

    def forget(self, bucket: str) -> None:
        """A bucket has turned out to be elsewhere."""
        self._by_identity = {key: value for key, value in self._by_identity.items() if key[1] != bucket}
        self._by_value = {key: value for key, value in self._by_value.items() if key[1] != bucket}
