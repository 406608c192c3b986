"""Whose call it is: the address that it came from, through the proxies that are believed."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

from starlette.datastructures import Headers
from starlette.types import Scope

Networks = Sequence[IPv4Network | IPv6Network]
_NOBODY = "unknown"
_HOST_BITS = 64
"""An IPv6 address's last bits, of which a single customer has all."""


def of(scope: Scope, believed: Networks) -> str:
    """The caller's address; of an IPv6 one its network. X-Forwarded-For is read from its end, as far as proxies are believed."""
    address = scope["client"][0] if scope.get("client") else _NOBODY
    forwarded = ",".join(Headers(scope=scope).getlist("x-forwarded-for"))
    for hop in reversed([hop.strip() for hop in forwarded.split(",") if hop.strip()]):
        if not _is_in(address, believed):
            break
        address = hop
    return _whole(address)


def _is_in(address: str, networks: Networks) -> bool:
    try:
        return any(ip_address(address) in network for network in networks)
    except ValueError:
        return False


def _whole(address: str) -> str:
    try:
        read = ip_address(address)
    except ValueError:
        return _NOBODY
    if read.version == 6 and read.ipv4_mapped:
        return str(read.ipv4_mapped)
    return str(read) if read.version == 4 else f"{int(read) >> _HOST_BITS:x}::/64"
