"""x"""

from awsmini.services.record import Service

SERVICE = Service()
