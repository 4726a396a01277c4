"""Which addresses may be asked when a customer names a host: public ones, whatever they are wrapped in."""

import asyncio
import socket
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

# What IPv6 can carry an IPv4 address in: RFC 6052 (NAT64), RFC 8215 (its local form), IPv4-compatible (RFC 4291).
NAT64 = IPv6Network("64:ff9b::/96")
COMPATIBLE = IPv6Network("::/96")
# Python 3.11 calls some of these global, or has no word for them.
NEVER = tuple(
    map(ip_network, ("0.0.0.0/8", "192.0.0.0/24", "192.88.99.0/24", "240.0.0.0/4", "64:ff9b:1::/48", "fec0::/10"))
)


class NotPublic(Exception):
    """The host has an address that is not on the public Internet, or none at all."""


async def resolved(host: str, port: int, *, loopback: bool) -> str:
    """One address of the host, after all of them were found to be public; or, on demand, of this machine.

    Raises NotPublic.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as failure:
        raise NotPublic("no such host") from failure
    addresses = [str(address[0]).partition("%")[0] for *_, address in found]
    allowed = is_loopback if loopback else is_public
    if not addresses or not all(allowed(address) for address in addresses):
        raise NotPublic("not a public address")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether the address, and every one that it carries, is on the public Internet."""
    return all(_is_public(one) for one in _unwrapped(ip_address(address)))


def is_loopback(address: str) -> bool:
    """Whether it is this machine's own."""
    return ip_address(address).is_loopback


def _unwrapped(address: IPv4Address | IPv6Address) -> Iterator[IPv4Address | IPv6Address]:
    """The address itself, unless it only stands for another; and those that it carries."""
    if isinstance(address, IPv4Address):
        yield address
        return
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    elif address in NAT64 or address in COMPATIBLE:
        yield IPv4Address(address.packed[-4:])
    elif address.sixtofour:
        yield address.sixtofour
    elif address.teredo:
        yield from address.teredo
    else:
        yield address


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not address.is_multicast and not any(address in network for network in NEVER)
