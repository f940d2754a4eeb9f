"""Translate: documents and terminologies from files."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    operations={
        "ImportTerminology": Operation(arguments="awsmini.services.small.translate:import_terminology"),
        "TranslateDocument": Operation(arguments="awsmini.services.small.translate:translate_document"),
    },
)
