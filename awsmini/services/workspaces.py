"""WorkSpaces: lists of ids."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    operations={
        "RebootWorkspaces": Operation(bare_word_list="RebootWorkspaceRequests"),
        "RebuildWorkspaces": Operation(bare_word_list="RebuildWorkspaceRequests"),
        "TerminateWorkspaces": Operation(bare_word_list="TerminateWorkspaceRequests"),
    },
)
