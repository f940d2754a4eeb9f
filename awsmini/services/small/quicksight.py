"""The bundle that is imported, as the bytes of a file."""

from awsmini.model.shapes import OperationModel
from awsmini.params.arguments import Table
from awsmini.services.shared.hoisted_blobs import Hoist, beside_structure

_BUNDLE = Hoist("asset-bundle-import-source", "Body", "asset-bundle-import-source-bytes")


def bundle_bytes(_operation: OperationModel, table: Table) -> Table:
    return beside_structure(table, _BUNDLE)
