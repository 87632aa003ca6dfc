"""The other side of a browser story, over HTTP: an employer that sends and seals, people known to the registries."""

import io
import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import requests
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from app.signing.pades import verify
from app.signing.verification import VerificationReport
from benchmarks.journey import Client, Company, Employer, Sandbox, Someone, Worker
from tests.factories import new_id_number
from tests.support.product import Product

# The demo organisation, with its operator and seal: `make run` brings them.
OPERATOR = Someone("李国强", "13900139000", "220100197801151035")
COMPANY = Company("长春市启明软件技术有限公司", "91220100MA00000152", "吉林省长春市高新区硅谷大街 1 号", OPERATOR)
TITLE = "劳动合同"

_numbers = itertools.count(1)


def write_contract(path: Path, pages: int) -> Path:
    """A4 pages with text that can be extracted: quick to check and draw, longer than a phone's screen."""
    lines = ["LABOUR CONTRACT", *(f"Article {number}. Party A and Party B agree." for number in range(1, 25))]
    shown = b" ".join(b"(%s) Tj 0 -24 Td" % line.encode() for line in lines)
    with pikepdf.new() as pdf:
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        for _ in range(pages):
            page = pdf.add_blank_page(page_size=(595.276, 841.89))
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            page.Contents = pdf.make_stream(b"BT /F1 14 Tf 60 760 Td " + shown + b" ET")
        output = io.BytesIO()
        pdf.save(output)
    path.write_bytes(output.getvalue())
    return path


@dataclass(frozen=True, slots=True)
class Office:
    """An operator who is logged in; `seal` is the contract seal, `short` a contract of one page."""

    product: Product
    sandbox: Sandbox
    employer: Employer
    seal: str
    short: Path

    @classmethod
    def open(cls, product: Product, folder: Path) -> "Office":
        sandbox = Sandbox(product.sandbox_url)
        employer = Employer(Client(product.url, "console"), sandbox, OPERATOR)
        employer.enter(COMPANY)
        employer.verify_organisation(COMPANY)
        return cls(product, sandbox, employer, employer.make_seal(), write_contract(folder / "short.pdf", 1))

    def hire(self, name: str = "张伟") -> Someone:
        """Somebody new whom the carriers and the authority know under this name."""
        number = next(_numbers)
        who = Someone(name, f"137{number:08d}", new_id_number(f"19{70 + number % 30}0307"))
        body = {"name": who.name, "phone": who.phone, "id_number": who.id_number}
        requests.post(f"{self.sandbox.base}/__sandbox/persons", json=body, timeout=10).raise_for_status()
        return who

    def send(self, worker: Someone, file: Path | None = None, title: str = TITLE) -> str:
        """A contract on its way to this worker; its id."""
        contract = self.employer.draft(worker, file or self.short, title)
        self.employer.send(contract)
        return contract

    def stamp(self, contract: str) -> None:
        """Seal for the organisation, once the worker's signature is in the file."""
        self.employer.seal(contract, self.seal)

    def bring(self, who: Someone, contract: str = "", to: str = "verified") -> Worker:
        """This worker over HTTP, as far as "verified", "confirmed" or "signed": what a story does not look at."""
        worker = Worker(Client(self.product.url, "worker"), self.sandbox, who)
        worker.log_in()
        worker.verify_by_phone()
        if to == "verified":
            return worker
        content = str(worker.read(contract)["content_sha256"])
        worker.confirm(contract, content)
        if to == "signed":
            worker.sign(contract, content)
        return worker

    def verdict(self, pdf: bytes) -> VerificationReport:
        """The strict verdict under the sandbox's roots. In a thread: Playwright's loop runs in this one."""
        told = self.product.credentials
        roots = {"signing_roots": [_der(told["ca"]["root_pem"])], "timestamp_roots": [_der(told["tsa"]["root_pem"])]}
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(verify, pdf, **roots).result()

    def fault(self, vendor: str, kind: str, times: int = 0) -> None:
        """Until `mend` when `times` is 0."""
        order = {"vendor": vendor, "kind": kind, "times": times}
        requests.post(f"{self.sandbox.base}/__sandbox/faults", json=order, timeout=10).raise_for_status()

    def mend(self) -> None:
        requests.delete(f"{self.sandbox.base}/__sandbox/faults", timeout=10).raise_for_status()


def _der(pem: str) -> bytes:
    return x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)
