"""S3's operations: keys encoded, buckets elsewhere, sessions of directory buckets, errors in successes."""

from awsmini.services.record import Operation, Service

_KEYED = Operation(before_serialize="awsmini.services.s3api.requests:encode_customer_key")
_COPY = Operation(before_serialize="awsmini.services.s3api.requests:copy_object")
_LINE_BREAKS = Operation(keeps_line_breaks=True)  # names of objects are compared with what is sent
_PUT = Operation(before_serialize="awsmini.services.s3api.requests:put_object")

SERVICE = Service(
    every=Operation(
        before_serialize="awsmini.services.s3api.requests:check_bucket_name",
        after_serialize="awsmini.services.s3api.requests:expect_continue",
    ),
    operations={
        "CompleteMultipartUpload": _KEYED,
        "CopyObject": _COPY,
        "CreateMultipartUpload": _PUT,
        "DeleteObjects": _LINE_BREAKS,
        "GetBucketLocation": Operation(around_parse="awsmini.services.s3api.replies:bucket_location"),
        "GetObject": Operation(
            before_serialize="awsmini.services.s3api.requests:encode_customer_key",
            around_parse="awsmini.services.s3api.replies:with_expires_string",
        ),
        "HeadObject": Operation(
            before_serialize="awsmini.services.s3api.requests:encode_customer_key",
            around_parse="awsmini.services.s3api.replies:with_expires_string",
        ),
        "ListObjectVersions": Operation(
            before_serialize="awsmini.services.s3api.requests:ask_for_encoded_keys",
            after_parse="awsmini.services.s3api.encoded_keys:decode_versions",
            leaves_items="awsmini.services.s3api.encoded_keys:leaves_items",
        ),
        "ListObjects": Operation(
            before_serialize="awsmini.services.s3api.requests:ask_for_encoded_keys",
            after_parse="awsmini.services.s3api.encoded_keys:decode_objects",
            leaves_items="awsmini.services.s3api.encoded_keys:leaves_items",
        ),
        "ListObjectsV2": Operation(
            before_serialize="awsmini.services.s3api.requests:ask_for_encoded_keys",
            after_parse="awsmini.services.s3api.encoded_keys:decode_objects_v2",
            leaves_items="awsmini.services.s3api.encoded_keys:leaves_items",
        ),
        "PutBucketLifecycleConfiguration": _LINE_BREAKS,
        "PutObject": _PUT,
        "SelectObjectContent": Operation(
            arguments="awsmini.services.s3api.select:select_object_content",
            before_serialize="awsmini.services.s3api.requests:encode_customer_key",
            save_output="awsmini.services.s3api.select:save_records",
        ),
        "UploadPart": _KEYED,
        "UploadPartCopy": _COPY,
    },
    explain_error="awsmini.services.s3api.errors:explain",
    explain_endpoint_error="awsmini.services.s3api.errors:explain_endpoint_error",
    label_in_endpoint="/{Bucket}",
    unread_by_rules=frozenset({"CopySource", "Key", "Prefix"}),
    error_in_success="awsmini.parse.rest_xml:is_error_in_success",
    router="awsmini.services.s3api.router:S3Router",
    client_methods={
        "copy": "awsmini.transfer.python:copy",
        "download_file": "awsmini.transfer.python:download_file",
        "download_fileobj": "awsmini.transfer.python:download_fileobj",
        "generate_presigned_post": "awsmini.services.s3api.presigned_post:generate_presigned_post",
        "upload_file": "awsmini.transfer.python:upload_file",
        "upload_fileobj": "awsmini.transfer.python:upload_fileobj",
    },
)
