"""Which addresses may be asked, whatever they are wrapped in."""

import pytest

from adapters.oidc.addresses import NotPublic, is_public, resolved


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"]
)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "0.1.2.3",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::5db8:d822",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2001:0:7f00:1::",
        "fc00::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
    ],
)
def test_all_others_are_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.anyio
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "no-such-host.invalid", "a" * 70])
async def test_a_host_with_another_address_is_not_asked(host: str) -> None:
    with pytest.raises(NotPublic):
        await resolved(host, 443, loopback=False)


@pytest.mark.anyio
async def test_this_machine_is_asked_on_demand_alone() -> None:
    assert await resolved("127.0.0.1", 80, loopback=True) == "127.0.0.1"
    with pytest.raises(NotPublic):
        await resolved("10.0.0.1", 80, loopback=True)
