"""Kinesis: an older way to page by hand."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    operations={
        "ListStreams": Operation(
            arguments="awsmini.services.small.kinesis:list_streams", unpaged_by="exclusive_start_stream_name"
        ),
    },
)
