"""Firehose: records as bare words."""

from awsmini.services.record import Operation, Service

SERVICE = Service(operations={"PutRecordBatch": Operation(bare_word_list="Records")})
