"""Draw the add-on's icon and logo: a voice as bars, in a speech bubble."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SCALE = 8  # drawn larger and reduced, which smooths the edges
INK, PAPER = (0x12, 0x4E, 0x66), (0xFF, 0xFF, 0xFF)
BARS = (0.30, 0.62, 1.0, 0.48, 0.78, 0.36)
ACCENT = (0xF2, 0xA6, 0x41)
NAME = (0x2E, 0x8C, 0xB0)  # readable on white and on black


def bubble(side: int) -> Image.Image:
    """Return a square picture of the bubble, transparent around it."""
    size = side * SCALE
    image = Image.new("RGBA", (size, size))
    draw = ImageDraw.Draw(image)
    edge, floor = size * 0.06, size * 0.80
    draw.rounded_rectangle(
        (edge, edge, size - edge, floor), radius=size * 0.20, fill=INK
    )
    tail = [(size * 0.24, floor - 2), (size * 0.24, size * 0.96), (size * 0.48, floor)]
    draw.polygon(tail, fill=INK)
    middle, step = (edge + floor) / 2, size * 0.115
    width, tallest = size * 0.058, size * 0.46
    left = size / 2 - step * (len(BARS) - 1) / 2
    for number, share in enumerate(BARS):
        x, half = left + number * step, tallest * share / 2
        draw.rounded_rectangle(
            (x - width / 2, middle - half, x + width / 2, middle + half),
            radius=width / 2,
            fill=ACCENT if share == 1.0 else PAPER,
        )
    return image.resize((side, side), Image.Resampling.LANCZOS)


def logo(width: int, height: int) -> Image.Image:
    """Return the bubble with the name beside it."""
    image = Image.new("RGBA", (width * SCALE, height * SCALE))
    mark = bubble(height).resize((height * SCALE,) * 2, Image.Resampling.LANCZOS)
    image.paste(mark, (0, 0))
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=height * SCALE * 0.29)
    draw.text(
        (height * SCALE * 1.04, height * SCALE * 0.43),
        "CosyVoice",
        fill=NAME,
        font=font,
        anchor="lm",
    )
    return image.resize((width, height), Image.Resampling.LANCZOS)


def main(folder: Path) -> None:
    """Write both pictures."""
    bubble(128).save(folder / "icon.png", optimize=True)
    logo(250, 100).save(folder / "logo.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
