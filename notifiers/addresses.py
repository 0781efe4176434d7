"""Which addresses belong to the public internet: a webhook may lead nowhere else."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

_NAT64: Final = IPv6Network("64:ff9b::/96")  # RFC 6052
_COMPATIBLE: Final = IPv6Network("::/96")  # RFC 4291, section 2.5.5.1: no longer used


def is_public(address: str) -> bool:
    """Tell whether an address, or every IPv4 address that hides in it, is one of the public internet."""
    try:
        outer = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(map(_is_public, _inside(outer) or (outer,)))


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inside(address: IPv4Address | IPv6Address) -> tuple[IPv4Address, ...]:
    """Give the IPv4 addresses to which a gateway would lead."""
    if isinstance(address, IPv4Address):
        return ()
    # Teredo (RFC 4380) names its server and its client.
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64 or address in _COMPATIBLE:
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return tuple(each for each in found if each is not None)
