"""S3 Control: ARNs of S3 on Outposts in the place of names."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    every=Operation(before_serialize="awsmini.services.s3control.arns:with_arn_account"),
    explain_endpoint_error="awsmini.services.s3control.arns:explain_endpoint_error",
)
