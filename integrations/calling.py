"""One POST to an address that somebody else has chosen: never into our own network.

The host is resolved here, each address is checked, and the connection is made to the very address
that was checked: a name that means something else a moment later changes nothing. No redirect is
followed. References: OWASP, Server Side Request Forgery Prevention.
"""

import ipaddress
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext as _

TIMEOUT_S = 10
#: For the whole call, whatever comes in pieces.
LONGEST_S = 20


#: All that is given out of IPv6 (RFC 4291, section 2.4); what lies outside is nobody's, or ours alone.
_UNICAST = ipaddress.IPv6Network("2000::/3")
#: What a network without IPv4 reaches it by (RFC 6052).
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class NotCalled(Exception):
    """Nothing was sent, or no answer came; a sentence that says why."""


def post(url: str, *, body: bytes, headers: Mapping[str, str], private: bool = False) -> int:
    """Send `body` and return the status of the answer; raises NotCalled.

    `private` allows addresses of our own network, and plain HTTP.
    """
    parts = _checked(url, private=private)
    address = _address(parts, private=private)
    connection = _connection(parts, address)
    # The socket's own timeout is for each piece that it waits for: who sends a byte a second holds us for ever.
    watch = Timer(LONGEST_S, _cut, [connection])
    watch.daemon = True
    watch.start()
    try:
        connection.request("POST", _path(parts), body=body, headers=dict(headers))
        answer: HTTPResponse = connection.getresponse()
        return answer.status
    except (OSError, HTTPException, ValueError) as error:
        raise NotCalled(f"{type(error).__name__}: {error}"[:300]) from error
    finally:
        watch.cancel()
        connection.close()


def fault_of(url: str, *, private: bool = False) -> str:
    """Why nothing would be sent to `url` as it stands; "" for nothing. Asks no name server."""
    try:
        _checked(url, private=private)
    except NotCalled as fault:
        return str(fault)
    return ""


def _checked(url: str, *, private: bool) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise NotCalled(_("This is no address.")) from error
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise NotCalled(_("The address must begin with https://."))
    if not url.isascii() or not url.isprintable() or " " in url:
        raise NotCalled(_("Write the address in ASCII: %-encode what else is in it."))
    if not parts.hostname or parts.username or parts.password or port == 0:
        raise NotCalled(_("The address needs a host, and no name or password in it."))
    return parts


def _address(parts: SplitResult, *, private: bool) -> str:
    """The address to connect to; raises NotCalled where any that the name has is not public."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotCalled(_("The host %(host)s is not known.") % {"host": parts.hostname}) from error
    addresses = [str(entry[4][0]) for entry in found]
    if not private and not all(_is_public(address) for address in addresses):
        raise NotCalled(_("The host %(host)s is not on the public internet.") % {"host": parts.hostname})
    return addresses[0]


def _is_public(address: str) -> bool:
    plain = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(plain, ipaddress.IPv6Address):
        inner = _inside(plain)
        if inner is not None:
            return _is_public(str(inner))
        if plain not in _UNICAST:
            return False
    return plain.is_global and not plain.is_multicast


def _inside(plain: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one leads to. Teredo (RFC 4380) leads nowhere: it counts as private as a whole."""
    if plain in _NAT64:
        return ipaddress.IPv4Address(int(plain) & 0xFFFF_FFFF)
    return plain.ipv4_mapped or plain.sixtofour


def _cut(connection: HTTPConnection) -> None:
    if connection.sock is not None:
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)


def _connection(parts: SplitResult, address: str) -> HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "https":
        return _PinnedHTTPS(host, parts.port, address)
    return _Pinned(host, parts.port, address)


def _path(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


class _Pinned(HTTPConnection):
    """Connects to `address`, whatever its host's name means by then."""

    def __init__(self, host: str, port: int | None, address: str) -> None:
        super().__init__(host, port, timeout=TIMEOUT_S)
        self._address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)


class _PinnedHTTPS(HTTPSConnection):
    """As `_Pinned`; the certificate is checked for the host's name."""

    def __init__(self, host: str, port: int | None, address: str) -> None:
        self._context_of_ours = ssl.create_default_context()
        super().__init__(host, port, timeout=TIMEOUT_S, context=self._context_of_ours)
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._context_of_ours.wrap_socket(plain, server_hostname=self.host)
