"""The HTTP server beside Wyoming: API, page, voices of the user's own.

``listener`` has the socket, ``routes`` all that can be asked for, ``security`` who may
ask. Handlers are grouped by subject; each module ends with its ``OPERATIONS``, from
which both the routes and the OpenAPI document are made.
"""

from wyoming_cosyvoice.server.http.listener import HttpServer

__all__ = ["HttpServer"]
