"""Word to PDF by LibreOffice, in a profile and folder of its own, without network, for a limited time.

The uploaded .docx was taken apart and rebuilt before (`docx_clean.py`); macros, links and updates are off.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from app.templates.errors import ConversionFailed, FileTooComplex, WordNotSupported
from app.templates.isolation import python_module, run_restricted, workspace
from app.templates.lockdown import MB, Limits
from app.templates.word_profile import write_profile

INSTALL_COMMAND = "apt install libreoffice-writer-nogui"
# LibreOffice reserves far more address space than it uses (250 MB); a normal contract takes 2 s.
_LIMITS = Limits(memory=4096 * MB, cpu=60, wall=60, file=256 * MB)
_IMPORT_FILTERS = {"docx": "MS Word 2007 XML", "doc": "MS Word 97"}
# Plain pages: no form fields, bookmarks or tags; pictures as they are; every font embedded.
_EXPORT = (
    'pdf:writer_pdf_Export:{"ExportFormFields":{"type":"boolean","value":"false"},'
    '"ExportBookmarks":{"type":"boolean","value":"false"},"UseTaggedPDF":{"type":"boolean","value":"false"},'
    '"UseLosslessCompression":{"type":"boolean","value":"true"},'
    '"EmbedStandardFonts":{"type":"boolean","value":"true"}}'
)


@dataclass(frozen=True)
class WordSupport:
    """Whether Word files can be uploaded here, and if not, what an administrator does about it."""

    available: bool
    how_to_install_zh: str
    how_to_install_en: str


def word_support() -> WordSupport:
    """Look for LibreOffice on this machine."""
    return WordSupport(
        available=_program() is not None,
        how_to_install_zh=f"上传 Word 文件需要 LibreOffice，请管理员执行：{INSTALL_COMMAND}。上传 PDF 不受影响。",
        how_to_install_en=f"Word upload needs LibreOffice: {INSTALL_COMMAND}. PDF upload works without it.",
    )


def convert_to_pdf(data: bytes, kind: str) -> bytes:
    """Return the PDF of a Word document; `kind` is "docx" or "doc".

    Raises WordNotSupported, ConversionFailed, or FileTooComplex when time ran out.
    """
    program = require_word()
    with workspace() as folder:
        source = folder / f"upload.{kind}"
        source.write_bytes(data)
        write_profile(folder)
        code = run_restricted(
            _command(program, folder, source, kind),
            folder,
            _LIMITS.wall,
            environment={"FONTCONFIG_FILE": str(folder / "fonts.conf"), "SAL_USE_VCLPLUGIN": "svp"},
        )
        if code is None:
            raise FileTooComplex
        result = folder / "upload.pdf"
        if code != 0 or not result.is_file():
            raise ConversionFailed
        return result.read_bytes()


def require_word() -> str:
    """Return the path of LibreOffice. Raises WordNotSupported where it is missing."""
    program = _program()
    if program is None:
        raise WordNotSupported(command=INSTALL_COMMAND)
    return program


def _program() -> str | None:
    return shutil.which("soffice")


def _command(program: str, folder: Path, source: Path, kind: str) -> list[str]:
    return [
        *python_module("app.templates.lockdown"),
        _LIMITS.to_json(),
        program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        # Run by root it would leave private folders in the system's installation and lock other users out.
        f"-env:UNO_SHARED_PACKAGES_CACHE={(folder / 'shared').as_uri()}",
        *("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"),
        f"--infilter={_IMPORT_FILTERS[kind]}",
        *("--convert-to", _EXPORT, "--outdir", str(folder), str(source)),
    ]
