"""Documents and terminologies, whose bytes are a file's."""

from awsmini.model.shapes import OperationModel
from awsmini.params.arguments import Table
from awsmini.services.shared.hoisted_blobs import Hoist, in_place_of_member

_TERMINOLOGY = Hoist(
    "terminology-data",
    "File",
    "data-file",
    "File cannot be provided as part of the '--terminology-data' argument. Please use the '--data-file' option "
    "instead to specify a file.",
)
_DOCUMENT = Hoist(
    "document",
    "Content",
    "document-content",
    "Content cannot be provided as a part of the '--document' argument. Please use the '--document-content' "
    "option instead to specify a file.",
)


def import_terminology(_operation: OperationModel, table: Table) -> Table:
    return in_place_of_member(table, _TERMINOLOGY, required=False)


def translate_document(_operation: OperationModel, table: Table) -> Table:
    return in_place_of_member(table, _DOCUMENT, required=True)
