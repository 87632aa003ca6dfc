"""Limits of the kind "at most n in a while", computed from the times of what already happened."""

import ipaddress
import math
from collections.abc import Sequence
from datetime import datetime, timedelta


def seconds_to_wait(times: Sequence[datetime], limit: int, window: timedelta, moment: datetime) -> int:
    """Until fewer than `limit` of `times` (newest first) are younger than `window`; 0 when that is so now.

    A `limit` of 0 means that there is none.
    """
    if limit == 0 or len(times) < limit:
        return 0
    return max(0, math.ceil((times[limit - 1] + window - moment).total_seconds()))


def network_of(ip: str) -> str:
    """Whom a limit per address counts as one: an IPv4 address, or the /64 that an IPv6 household or phone owns.

    What is no address is itself.
    """
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ip
    if isinstance(address, ipaddress.IPv4Address):
        return ip
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))
