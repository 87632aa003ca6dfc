"""What LibreOffice finds in its folder: settings that switch off everything active, and where fonts are."""

from pathlib import Path
from xml.sax.saxutils import escape

from noto_cjk_sans_otc import FONT_PATH

_SETTINGS = (
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
)
_SERIF = (
    *("宋体", "新宋体", "SimSun", "NSimSun", "华文宋体", "STSong", "华文中宋", "STZhongsong", "方正小标宋简体"),
    *("仿宋", "仿宋_GB2312", "FangSong", "FangSong_GB2312", "华文仿宋", "STFangsong", "方正仿宋简体"),
    *("楷体", "楷体_GB2312", "KaiTi", "KaiTi_GB2312", "华文楷体", "STKaiti"),
)
_SANS = (
    *("黑体", "SimHei", "微软雅黑", "Microsoft YaHei", "等线", "DengXian", "华文黑体", "STHeiti"),
    *("华文细黑", "STXihei", "苹方", "PingFang SC", "思源黑体"),
)
_LATIN = {
    "Times New Roman": ("Liberation Serif", "DejaVu Serif"),
    "Cambria": ("Caladea", "Liberation Serif", "DejaVu Serif"),
    "Arial": ("Liberation Sans", "DejaVu Sans"),
    "Calibri": ("Carlito", "Liberation Sans", "DejaVu Sans"),
}
_PRODUCT_FONT = "Noto Sans CJK SC"


def write_profile(folder: Path) -> None:
    """Write `profile/` (for -env:UserInstallation) and `fonts.conf` (for FONTCONFIG_FILE) into `folder`."""
    user = folder / "profile" / "user"
    user.mkdir(parents=True)
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    (user / "registrymodifications.xcu").write_text(
        f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>', encoding="utf-8"
    )
    (folder / "fonts.conf").write_text(_fonts_conf(folder), encoding="utf-8")


def _fonts_conf(folder: Path) -> str:
    """The real font if the machine has it, else a relative, else the font that comes with the product."""
    wishes: dict[str, tuple[str, ...]] = dict.fromkeys(_SERIF, ("Noto Serif CJK SC", _PRODUCT_FONT))
    wishes |= dict.fromkeys(_SANS, (_PRODUCT_FONT,))
    wishes |= {name: (*others, _PRODUCT_FONT) for name, others in _LATIN.items()}
    wishes |= dict.fromkeys(("serif", "sans-serif", "monospace"), (_PRODUCT_FONT,))
    folders = ("/usr/share/fonts", "/usr/local/share/fonts", str(Path(str(FONT_PATH)).parent))
    dirs = "".join(f"<dir>{escape(path)}</dir>" for path in folders)
    aliases = "".join(
        f'<alias binding="same"><family>{escape(name)}</family><prefer>'
        + "".join(f"<family>{escape(family)}</family>" for family in (name, *families))
        + "</prefer></alias>"
        for name, families in wishes.items()
    )
    cache = f"<cachedir>/var/cache/fontconfig</cachedir><cachedir>{escape(str(folder / 'cache'))}</cachedir>"
    head = '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
    return f"{head}<fontconfig>{dirs}{cache}{aliases}</fontconfig>"
