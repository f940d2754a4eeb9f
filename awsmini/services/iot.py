"""IoT: keys and certificates go to files."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    operations={
        "CreateCertificateFromCsr": Operation(
            arguments="awsmini.services.small.iot:create_certificate_from_csr",
            save_output="awsmini.services.small.iot:save_members",
        ),
        "CreateKeysAndCertificate": Operation(
            arguments="awsmini.services.small.iot:create_keys_and_certificate",
            save_output="awsmini.services.small.iot:save_members",
        ),
    },
)
