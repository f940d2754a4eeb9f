"""S3 Glacier: the own account, the API version, and the sums of uploads."""

from awsmini.services.record import Operation, Service

_UPLOAD = Operation(after_serialize="awsmini.services.small.glacier:add_checksums")

SERVICE = Service(
    every=Operation(
        before_serialize="awsmini.services.small.glacier:default_account",
        after_serialize="awsmini.services.small.glacier:add_version",
    ),
    operations={"UploadArchive": _UPLOAD, "UploadMultipartPart": _UPLOAD},
)
