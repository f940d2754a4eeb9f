"""What goes wrong in transfers and is neither the network's nor the service's fault."""

from awsmini.errors import AwsminiError, ChecksumError


class ChangedFileError(AwsminiError):
    """A file was written to, cut or replaced while it was read."""

    def __init__(self, path: object, expected: int, found: int | None = None) -> None:
        what = "other content" if found is None else f"{found} bytes"
        super().__init__(
            f"The file {path} changed while it was read: {expected} bytes were expected, there are {what}."
        )


class ChangedObjectError(AwsminiError):
    """An object was replaced while parts of it were read."""

    def __init__(self, bucket: str, key: str) -> None:
        super().__init__(f'Contents of stored object "{key}" in bucket "{bucket}" did not match expected ETag.')


class WrongLengthError(AwsminiError):
    """An answer brought more or less than it should have."""

    def __init__(self, received: int, expected: int) -> None:
        super().__init__(f"{received} bytes were received where {expected} were expected.")


class FullObjectChecksumError(ChecksumError):
    """The parts of an object do not make up what its checksum vouches for."""

    def __init__(self, algorithm: str, stated: str, found: str) -> None:
        super().__init__(
            f"Expected full object checksum ({algorithm}) {stated} did not match combined checksum: {found}"
        )


class InterruptedTransferError(AwsminiError):
    """The run was ended while this was under way."""

    def __init__(self) -> None:
        super().__init__("The transfer was interrupted.")
