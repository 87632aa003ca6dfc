"""Checks that the rewritten file looks like the uploaded one (T-13). Runs in the child only.

The rewriting reads the file with qpdf, people see it through other readers. Where the two disagree about
what a page shows (shadowed objects, layers, stale form pictures), the file is refused.
"""

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image, ImageChops

from app.templates.errors import FileDamaged, PageNotFaithful
from app.templates.pdf_engine import open_document

WIDTH = 1000  # pixels of the compared pictures
_TOLERANCE = 40  # of 255; a scaled page gives up to 5, another digit in 10-point print 85 and more


def check_faithful(original: bytes, rewritten: bytes) -> None:
    """Raise PageNotFaithful naming the first page that differs, FileDamaged if not even their number agrees."""
    before, after = open_document(original), open_document(rewritten)
    if len(before) != len(after):
        raise FileDamaged
    for index in range(len(before)):
        if difference(_flattened(before, index), after[index]) > _TOLERANCE:
            raise PageNotFaithful(page=index + 1)


def _flattened(document: pdfium.PdfDocument, index: int) -> pdfium.PdfPage:
    """The page with annotations and fields drawn into it, by pdfium's own flattening."""
    pdfium_c.FPDFPage_Flatten(document[index], pdfium_c.FLAT_NORMALDISPLAY)
    return document[index]


def difference(before: pdfium.PdfPage, after: pdfium.PdfPage) -> int:
    """Largest difference in ink, 0..255, with `before` fitted onto and centred on the sheet of `after`.

    Ink counts as missing where the other picture has none within one pixel: pdfium sets each character of a
    scaled page to the nearest whole pixel.
    """
    width, height = after.get_size()
    fit = min(width / before.get_width(), height / before.get_height())
    left, top = (width - before.get_width() * fit) / 2, (height - before.get_height() * fit) / 2
    frame = (left, top, width - left, height - top)
    sheet = _picture(after, frame, width, 1.0, (0.0, 0.0))
    expected = _picture(before, frame, width, fit, (left, top))
    if ImageChops.difference(sheet, expected).getextrema()[1] == 0:
        return 0  # nearly always, and a third of the time
    return max(_ink_outside(sheet, expected), _ink_outside(expected, sheet))


def _ink_outside(picture: Image.Image, other: Image.Image) -> int:
    """How much darker the darkest spot of `picture` is than everything next to it in `other`."""
    darkest = ImageChops.subtract(_spread(other), picture).getextrema()[1]
    return int(darkest)  # type: ignore[arg-type]


def _spread(picture: Image.Image) -> Image.Image:
    """Each pixel as dark as the darkest of the nine around it (a MinFilter takes twenty times as long)."""
    for x, y in ((1, 0), (0, 1)):
        sides = ImageChops.offset(picture, x, y), ImageChops.offset(picture, -x, -y)
        picture = ImageChops.darker(ImageChops.darker(picture, sides[0]), sides[1])
    return picture


def _picture(
    page: pdfium.PdfPage, frame: tuple[float, float, float, float], width: float, fit: float, start: tuple[float, float]
) -> Image.Image:
    """The page in grays: `width` points become `WIDTH` pixels after scaling by `fit`.

    Nothing is drawn outside `frame` (left, top, right, bottom) nor on its outermost pixels, which are half covered.
    """
    scale = WIDTH / width
    left, top, right, bottom = (edge * scale for edge in frame)
    size = WIDTH, round(bottom + top)
    bitmap = pdfium.PdfBitmap.new_native(*size, pdfium_c.FPDFBitmap_Gray)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, *size)
    matrix = pdfium_c.FS_MATRIX(scale * fit, 0, 0, scale * fit, start[0] * scale, start[1] * scale)
    clip = pdfium_c.FS_RECTF(left + 2, top + 2, right - 2, bottom - 2)
    pdfium_c.FPDF_RenderPageBitmapWithMatrix(bitmap, page, matrix, clip, 0)
    picture: Image.Image = bitmap.to_pil()
    return picture
