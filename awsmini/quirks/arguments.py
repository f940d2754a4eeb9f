"""Which operations have other arguments than their input shape gives them.

Each entry names a function (operation, table) -> table in this package. Plain renames are not here but in
`data/argument-renames.json`.
"""

# (model service, API operation): runs before renames.
ARGUMENT_TABLES: dict[tuple[str, str], str] = {}

# model service: runs after renames, for every operation of the service.
SERVICE_ARGUMENT_TABLES: dict[str, str] = {}
