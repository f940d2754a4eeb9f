"""Images as the bytes of files, wherever an operation takes one."""

from awsmini.model.shapes import OperationModel
from awsmini.params.arguments import Table
from awsmini.services.shared.hoisted_blobs import Hoist, beside_structure

_IMAGE = Hoist("image", "Bytes", "image-bytes")
_COMPARED = (Hoist("source-image", "Bytes", "source-image-bytes"), Hoist("target-image", "Bytes", "target-image-bytes"))


def image_bytes(_operation: OperationModel, table: Table) -> Table:
    return beside_structure(table, _IMAGE)


def compared_bytes(_operation: OperationModel, table: Table) -> Table:
    return beside_structure(table, *_COMPARED)
