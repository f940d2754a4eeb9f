"""IoT: keys and certificates go to files."""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    operations={
        "CreateCertificateFromCsr": Operation(
            arguments="awsmini.services.iot.certificates:create_certificate_from_csr",
            save_output="awsmini.services.iot.certificates:save_members",
        ),
        "CreateKeysAndCertificate": Operation(
            arguments="awsmini.services.iot.certificates:create_keys_and_certificate",
            save_output="awsmini.services.iot.certificates:save_members",
        ),
    },
)
