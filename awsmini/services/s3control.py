"""S3 Control: ARNs of S3 on Outposts in the place of names."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    every=Operation(before_serialize="awsmini.services.small.s3control:with_arn_account"),
    explain_endpoint_error="awsmini.services.small.s3control:explain_endpoint_error",
)
