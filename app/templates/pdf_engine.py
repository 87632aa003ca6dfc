"""pdfium, started with the product's font as the only one outside the document. Runs in the child only.

A PDF without embedded fonts then looks the same on every machine, and has no blank where a Chinese font is
missing. (Latin standard fonts are built into pdfium.)
"""

import ctypes
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from noto_cjk_sans_otc import FONT_PATH


def open_document(data: bytes) -> pdfium.PdfDocument:
    """Open a PDF for drawing or reading."""
    return pdfium.PdfDocument(data)


def _restart(fonts: Path) -> None:
    """pypdfium2 starts pdfium when it is imported, with the system's fonts."""
    pdfium_c.FPDF_DestroyLibrary()
    folder = ctypes.create_string_buffer(str(fonts).encode())
    folders = (ctypes.POINTER(ctypes.c_char) * 2)(ctypes.cast(folder, ctypes.POINTER(ctypes.c_char)))
    pdfium_c.FPDF_InitLibraryWithConfig(pdfium_c.FPDF_LIBRARY_CONFIG(version=2, m_pUserFontPaths=folders))


_restart(Path(str(FONT_PATH)).parent)
