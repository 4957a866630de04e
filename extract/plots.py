"""What plots in notebooks need: a font that has Chinese letters. Imports matplotlib only when asked."""

from __future__ import annotations

import warnings

CHINESE_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",  # the same file under the name that matplotlib finds first
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "SimHei",
    "WenQuanYi Zen Hei",
)


def chinese_font() -> list[str]:
    """Font families for `plt.rcParams["font.family"]`: the first Chinese one installed, then the default.

    Warns where none is installed: the labels will be empty boxes.
    """
    from matplotlib import font_manager

    installed = {font.name for font in font_manager.fontManager.ttflist}
    for name in CHINESE_FONTS:
        if name in installed:
            return [name, "DejaVu Sans"]
    warnings.warn(f"none of these fonts is installed: {', '.join(CHINESE_FONTS)}", stacklevel=2)
    return ["DejaVu Sans"]
