"""An error that a service answers with, in whatever protocol it speaks."""

from __future__ import annotations

from moto.core.exceptions import ServiceException


class ServiceError(ServiceException):
    """``ServiceError(code, message)``; moto finds the HTTP status in the service's model.

    A class of ours, because moto looks for a service's model by the module of the error's class.
    """
