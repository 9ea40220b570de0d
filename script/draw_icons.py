"""Draw the one icon, a voice as bars in a speech bubble, for page and add-on.

    python script/draw_icons.py

writes the page's icon.svg, and the add-on's icon.png and logo.png, which need Pillow.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
SVG = ROOT / "wyoming_cosyvoice/server/http/static/icon.svg"
ADDON = ROOT / "addon"

SCALE = 8  # drawn larger and reduced, which smooths the edges
FROM, TO = (0x6D, 0x5D, 0xF6), (0x1F, 0xB5, 0xA3)
"""Colours of the bubble, from its upper left to its lower right corner."""
PAPER = (0xFF, 0xFF, 0xFF)
NAME = (0x52, 0x7F, 0xC8)  # readable on white and on black
BARS = (0.36, 0.68, 1.0, 0.56, 0.30)

# All lengths are shares of the side of the square.
EDGE, FLOOR, RADIUS = 0.04, 0.82, 0.22
TAIL = ((0.22, FLOOR - 0.02), (0.22, 0.97), (0.46, FLOOR - 0.02))
STEP, WIDTH, TALLEST = 0.135, 0.075, 0.48


def bars() -> list[tuple[float, float, float, float]]:
    """Return left, top, width and height of each bar."""
    middle, left = (EDGE + FLOOR) / 2, 0.5 - STEP * (len(BARS) - 1) / 2
    return [
        (
            left + number * STEP - WIDTH / 2,
            middle - TALLEST * share / 2,
            WIDTH,
            TALLEST * share,
        )
        for number, share in enumerate(BARS)
    ]


def svg(side: int = 64) -> str:
    """Return the icon as the page has it."""

    def n(share: float) -> str:
        return f"{share * side:.2f}".rstrip("0").rstrip(".")

    def colour(rgb: tuple[int, int, int]) -> str:
        return "#" + "".join(f"{part:02x}" for part in rgb)

    across, down = 1 - 2 * EDGE, FLOOR - EDGE
    tail = " ".join(f"{n(x)},{n(y)}" for x, y in TAIL)
    drawn = "".join(
        f'<rect x="{n(x)}" y="{n(y)}" width="{n(width)}" height="{n(height)}" '
        f'rx="{n(width / 2)}"/>'
        for x, y, width, height in bars()
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        '<defs><linearGradient id="g" gradientUnits="userSpaceOnUse" '
        f'x1="0" y1="0" x2="{side}" y2="{side}">'
        f'<stop offset="0" stop-color="{colour(FROM)}"/>'
        f'<stop offset="1" stop-color="{colour(TO)}"/></linearGradient></defs>'
        f'<g fill="url(#g)"><rect x="{n(EDGE)}" y="{n(EDGE)}" width="{n(across)}" '
        f'height="{n(down)}" rx="{n(RADIUS)}"/><polygon points="{tail}"/></g>'
        f'<g fill="{colour(PAPER)}">{drawn}</g></svg>\n'
    )


def bubble(side: int) -> Image.Image:
    """Return the icon as a square picture, transparent around the bubble."""
    import numpy as np  # noqa: PLC0415
    from PIL import Image, ImageDraw  # noqa: PLC0415

    size = side * SCALE
    mask = Image.new("L", (size, size))
    draw = ImageDraw.Draw(mask)
    edge, floor = size * EDGE, size * FLOOR
    draw.rounded_rectangle(
        (edge, edge, size - edge, floor), radius=size * RADIUS, fill=255
    )
    draw.polygon([(x * size, y * size) for x, y in TAIL], fill=255)
    along = np.add.outer(np.arange(size), np.arange(size)) / (2 * size)  # (H, W)
    start, end = np.array(FROM), np.array(TO)
    colours = start + along[..., None] * (end - start)  # (H, W, 3)
    image = Image.fromarray(colours.round().astype(np.uint8)).convert("RGBA")
    image.putalpha(mask)
    draw = ImageDraw.Draw(image)
    for x, y, width, height in bars():
        draw.rounded_rectangle(
            (x * size, y * size, (x + width) * size, (y + height) * size),
            radius=width * size / 2,
            fill=PAPER,
        )
    return image.resize((side, side), Image.Resampling.LANCZOS)


def logo(width: int, height: int) -> Image.Image:
    """Return the bubble with the name beside it."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415

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


def main() -> None:
    """Write all pictures."""
    SVG.write_text(svg(), encoding="utf-8")
    bubble(128).save(ADDON / "icon.png", optimize=True)
    logo(250, 100).save(ADDON / "logo.png", optimize=True)


if __name__ == "__main__":
    main()
