"""Everything that vendors, pages and the control interface share."""

from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.credentials import AlipayKeys
from sandbox.faces import Faces
from sandbox.faults import Faults
from sandbox.phones import Phones
from sandbox.receipts import Receipts
from sandbox.sms import Outbox
from sandbox.store import Store
from sandbox.wire import RequestLog
from sandbox.world import World


@dataclass(frozen=True, slots=True)
class Context:
    """One running sandbox. `base_url` has no trailing slash, e.g. `http://127.0.0.1:8701`."""

    base_url: str
    clock: Clock
    store: Store
    world: World
    faces: Faces
    phones: Phones
    outbox: Outbox
    receipts: Receipts
    faults: Faults
    log: RequestLog
    alipay_keys: AlipayKeys
