"""What can be wrong with an uploaded document, in words that name the way out (quality.md, row 4)."""

from typing import ClassVar

from app.core.errors import DomainError


class DocumentRefused(DomainError):
    """Base of every refusal of an upload. Never carries text of the document itself."""

    code: ClassVar[str] = "file_refused"
    http_status: ClassVar[int] = 422
    message_zh: ClassVar[str] = "这份文件无法使用，请另存为普通 PDF 后重新上传。"
    message_en: ClassVar[str] = "This file cannot be used. Save it as a plain PDF and upload it again."


class FileTooLarge(DocumentRefused):
    code = "file_too_large"
    message_zh = "文件超过 {limit_mb} MB。请压缩其中的图片或拆分附件后重新上传。"
    message_en = "The file is larger than {limit_mb} MB. Compress its pictures or split it, then upload again."


class FileTypeNotSupported(DocumentRefused):
    code = "file_type_not_supported"
    message_zh = "只能上传 PDF 或 Word 文件（.pdf、.docx、.doc），且内容须与扩展名一致。请另存为 PDF 后上传。"
    message_en = "Only PDF and Word (.pdf, .docx, .doc) whose content matches the name. Save as PDF and upload that."


class FileEncrypted(DocumentRefused):
    code = "file_encrypted"
    message_zh = "文件设有密码或使用限制。请先去除密码，再重新上传。"
    message_en = "The file has a password or usage restrictions. Remove the password first, then upload again."


class FileSigned(DocumentRefused):
    code = "file_signed"
    message_zh = "文件已带有电子签名，改动会使原签名失效。请上传未签名的版本。"
    message_en = "The file is already signed electronically; changing it would break that. Upload the unsigned version."


class FileDynamicForm(DocumentRefused):
    code = "file_dynamic_form"
    message_zh = "文件是 XFA 动态表单，各软件显示不一。请在原软件中打印为 PDF 后上传。"
    message_en = "The file is an XFA dynamic form, which programs show differently. Print it to PDF and upload that."


class FormWithoutAppearance(DocumentRefused):
    code = "form_without_appearance"
    message_zh = "第 {page} 页有未固定外观的表单内容或批注。请在原软件中打印为 PDF 后上传。"
    message_en = "Page {page} has form values or comments without a fixed appearance. Print to PDF and upload that."


class FileActiveContent(DocumentRefused):
    code = "file_active_content"
    message_zh = "文件含有{what_zh}，合同中不能包含会运行或指向外部的内容。请打印为 PDF 后上传。"
    message_en = "The file contains {what_en}. A contract must not run or fetch anything. Print to PDF and upload that."


class FileHiddenLayers(DocumentRefused):
    code = "file_hidden_layers"
    message_zh = "文件含有可隐藏的图层，签署人看到的内容可能不同。请合并图层或打印为 PDF 后上传。"
    message_en = "The file has layers that can be hidden. Merge the layers or print to PDF and upload that."


class FileDamaged(DocumentRefused):
    code = "file_damaged"
    message_zh = "文件已损坏或不完整，无法打开。请在原软件中重新导出 PDF 后上传。"
    message_en = "The file is damaged or incomplete. Export it again as PDF and upload that."


class FileTooComplex(DocumentRefused):
    code = "file_too_complex"
    message_zh = "文件展开后过大或过于复杂，无法在限定的时间和内存内处理。请打印为 PDF 后上传。"
    message_en = "The file unpacks too large or takes too long to process. Print it to PDF and upload that."


class FileTooManyPages(DocumentRefused):
    code = "file_too_many_pages"
    message_zh = "文件共 {pages} 页，超过 {limit} 页。请拆分后上传。"
    message_en = "The file has {pages} pages; the limit is {limit}. Split it and upload the parts."


class PageSizeNotSupported(DocumentRefused):
    code = "page_size_not_supported"
    message_zh = "第 {page} 页的尺寸为 {width_mm}×{height_mm} 毫米，超出可用范围。请改为 A4 纸后重新导出。"
    message_en = "Page {page} measures {width_mm}×{height_mm} mm, out of range. Change it to A4 and export again."


class PageNotFaithful(DocumentRefused):
    code = "page_not_faithful"
    message_zh = "第 {page} 页在不同软件中的显示不一致，无法保证所见即所签。请打印为 PDF 后上传。"
    message_en = "Page {page} does not look the same in every program. Print the file to PDF and upload that."


class WordNotSupported(DocumentRefused):
    code = "word_not_supported"
    message_zh = "本系统尚未安装 Word 转换组件，请上传 PDF。（管理员可执行：{command}）"
    message_en = "The Word converter is not installed here. Please upload a PDF. (Administrator: {command})"


class ConversionFailed(DocumentRefused):
    code = "conversion_failed"
    message_zh = "Word 文件转换失败（可能设有密码或已损坏）。请在 Word 或 WPS 中另存为 PDF 后上传。"
    message_en = "The Word file could not be converted (password? damage?). Save it as PDF and upload that."


class PictureFileTooLarge(DocumentRefused):
    code = "picture_file_too_large"
    message_zh = "图片超过 {limit_mb} MB。请压缩后重新上传，或用手机重新拍一张。"
    message_en = "The picture is larger than {limit_mb} MB. Compress it, or take it again with a phone."


class PictureTypeNotSupported(DocumentRefused):
    code = "picture_type_not_supported"
    message_zh = "只能上传 JPG 或 PNG 图片。其他格式（如 HEIC、PDF）请先另存为 JPG。"
    message_en = "Only JPG and PNG pictures. Save other formats (HEIC, PDF …) as JPG first."


class PictureDamaged(DocumentRefused):
    code = "picture_damaged"
    message_zh = "图片已损坏或不完整，无法打开。请重新拍摄或导出后上传。"
    message_en = "The picture is damaged or incomplete. Take or export it again, then upload."


class PictureTooManyPixels(DocumentRefused):
    code = "picture_too_many_pixels"
    message_zh = "图片尺寸过大：每边不超过 {side} 像素，总计不超过 {megapixels}00 万像素。请缩小后上传。"
    message_en = "The picture is too big: at most {side} pixels a side and {megapixels} megapixels. Make it smaller."


class PictureTooSmall(DocumentRefused):
    code = "picture_too_small"
    message_zh = "图片太小，看不清内容：每边至少 {smallest} 像素。请上传清晰的原图。"
    message_en = "The picture is too small to be read: at least {smallest} pixels a side. Upload the original."


class PictureAnimated(DocumentRefused):
    code = "picture_animated"
    message_zh = "不能使用动态图片，请上传一张静态的 JPG 或 PNG。"
    message_en = "Animated pictures cannot be used. Upload a still JPG or PNG."


class IntakeBusy(DomainError):
    """All conversion slots of this process are taken (T-42)."""

    code = "intake_busy"
    http_status = 503
    message_zh = "正在处理的文件较多，请稍后再上传。"
    message_en = "Many files are being processed. Please upload again in a moment."


_KINDS: list[type[DocumentRefused]] = [DocumentRefused, *DocumentRefused.__subclasses__()]
REFUSALS = {kind.code: kind for kind in _KINDS}
