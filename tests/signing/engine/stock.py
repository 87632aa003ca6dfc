"""Signing with unchanged pyHanko: the oracle of the differential test, the tool of attacks, the peer of the benchmark.

Used as well as its documentation allows: keys stay loaded, the reserved size is fixed, nothing is signed twice.
"""

from io import BytesIO
from typing import Any

from asn1crypto import cms, x509
from pyhanko.pdf_utils import layout
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from app.signing.appearance import Appearance
from app.signing.cms import SigningIdentity
from app.signing.pades import RESERVED_BYTES
from app.signing.ports import Timestamper


class StockSigner(signers.Signer):
    """pyHanko's own CMS machinery around a key that was loaded once."""

    def __init__(self, identity: SigningIdentity) -> None:
        registry = SimpleCertificateStore()
        registry.register_multiple(x509.Certificate.load(part) for part in identity.chain)
        leaf = x509.Certificate.load(identity.chain[0])
        super().__init__(signing_cert=leaf, cert_registry=registry, embed_roots=False)
        self.identity = identity

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        return bytes(256) if dry_run else self.identity.sign(data)


class StockTimestamper(TimeStamper):
    """The same authority behind pyHanko's interface."""

    def __init__(self, authority: Timestamper) -> None:
        super().__init__()
        self.authority = authority

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        return cms.ContentInfo.load(self.authority.stamp(message_digest))


def stock_sign(
    pdf: bytes,
    *,
    field: str,
    signer: StockSigner,
    timestamper: StockTimestamper | None,
    appearance: Appearance | None = None,
    first: bool = True,
    permission: MDPPerm = MDPPerm.FILL_FORMS,
    subfilter: SigSeedSubFilter = SigSeedSubFilter.PADES,
    new_field: SigFieldSpec | None = None,
    **metadata: Any,
) -> bytes:
    """One signature. A `/Lock` on the field is honoured by pyHanko itself."""
    style = None
    if appearance is not None:
        box = layout.BoxConstraints(width=appearance.width, height=appearance.height)
        style = StaticStampStyle(border_width=0, background=RawContent(appearance.content, box=box))
    signing = signers.PdfSigner(
        signers.PdfSignatureMetadata(
            field_name=field,
            certify=first,
            docmdp_permissions=permission if first else MDPPerm.NO_CHANGES,  # the second has the lock's
            md_algorithm="sha256",
            subfilter=subfilter,
            **metadata,
        ),
        signer=signer,
        timestamper=timestamper,
        stamp_style=style,
        new_field_spec=new_field,
    )
    output = signing.sign_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)),
        existing_fields_only=new_field is None,
        bytes_reserved=2 * RESERVED_BYTES,
    )
    signed: bytes = output.getvalue()
    return signed
