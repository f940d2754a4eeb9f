"""Connection pools of patient sockets."""

import socket
from collections.abc import Callable

from awsmini.send.expect import ExpectHTTPConnection, ExpectHTTPPool, ExpectHTTPSPool
from awsmini.send.patient_socket import PatientSocket


def pools(alive: Callable[[], object]) -> dict[str, type]:
    """Connection pools by scheme, as `send.expect.POOLS`, for a server on this machine."""

    class PatientConnection(ExpectHTTPConnection):
        def _new_conn(self) -> socket.socket:
            return PatientSocket.of(super()._new_conn(), alive)

    class PatientPool(ExpectHTTPPool):
        ConnectionCls = PatientConnection

    return {"http": PatientPool, "https": ExpectHTTPSPool}
