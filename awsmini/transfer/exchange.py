"""One request and its answer, as a connection of the loop sees it: who makes the bytes and who takes them."""

from awsmini.errors import SendError
from awsmini.transfer.http1 import Head
from awsmini.transfer.template import Origin


class Exchange:
    """The connection calls these, in this order. What they raise ends the exchange, and goes to `crashed`."""

    origin: Origin
    method: str
    url: str
    repeated = False  # sent a second time, because a connection kept alive turned out to be dead

    def begin(self) -> bytes:
        """The head, signed now, and as much of the body as is at hand. Called anew for each connection tried."""
        raise NotImplementedError

    def more(self) -> bytes:
        """The next bytes of the body; none at its end."""
        return b""

    def head(self, head: Head) -> None:
        """The answer begins."""

    def body(self, data: bytes) -> None:
        """Some of the answer's body."""

    def ended(self) -> None:
        """The answer has come whole."""
        raise NotImplementedError

    def broke(self, error: SendError) -> None:
        """No answer came, or it broke off."""
        raise NotImplementedError

    def crashed(self, error: Exception) -> None:
        """One of the other methods has raised."""
        raise NotImplementedError
