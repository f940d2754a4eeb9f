"""Worlds for wizards: what they ask is answered from a table, what they do is written down."""

from typing import Any

from awsmini.errors import AwsminiError
from awsmini.wizards.world import World


class Refused(AwsminiError):
    pass


class Recorder:
    """A world with the answers given, by operation; `refuse` names operations that fail."""

    def __init__(self, answers: dict[str, Any] | None = None, files: dict[str, bytes] | None = None) -> None:
        self.answers = answers or {}
        self.files = files or {}
        self.refuse: set[str] = set()
        self.done: list[tuple[str, Any]] = []
        self.asked: list[str] = []
        self.world = World(
            call=self._call,
            ask=self._ask,
            enum=lambda *_: ["python3.13", "python3.14"],
            read=self._read,
            profiles=lambda: ["base", "other"],
            write_config=lambda profile, values: self.done.append((f"config {profile}", values)),
            write_credentials=lambda profile, values: self.done.append((f"credentials {profile}", values)),
        )

    def _ask(self, service: str, operation: str, params: Any) -> Any:
        name = f"{service}.{operation}"
        self.asked.append(name)
        if name in self.refuse:
            raise Refused(f"{name} was refused")
        return self.answers.get(name, {})

    def _call(self, service: str, operation: str, params: Any) -> Any:
        answer = self._ask(service, operation, params)
        self.done.append((f"{service}.{operation}", params))
        return answer

    def _read(self, path: str) -> bytes:
        if path not in self.files:
            raise Refused(f"{path} cannot be read")
        return self.files[path]
