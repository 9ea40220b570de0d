"""The HTTP server: API, web page and user voices.

``listener`` has the socket, ``routes`` all operations, ``security`` the access rules.
Handlers are grouped by subject; each module ends with its ``OPERATIONS``, from which
both the routes and the OpenAPI document are generated.
"""

from wyoming_cosyvoice.server.http.listener import HttpServer

__all__ = ["HttpServer"]
