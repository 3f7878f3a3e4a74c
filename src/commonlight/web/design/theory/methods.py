"""What the library does for theories: a drawing as points, for programs that know no SVG."""

from __future__ import annotations

from importlib.resources import as_file, files

__all__ = ["svg_as_png"]

PAGE = (
    "#set page(width: auto, height: auto, margin: 0pt)\n"
    '#image(bytes(sys.inputs.picture), format: "svg", width: {width:.1f}pt)'
)
MOST = 4000
"""A picture is at most so many points wide."""


def svg_as_png(svg: str, *, width: float) -> bytes:
    """The picture as PNG, drawn with the fonts of the library; the same picture, the same bytes."""
    import typst

    scale = min(2.0, MOST / width)
    with as_file(files("commonlight.findings").joinpath("fonts")) as fonts:
        drawn: bytes = typst.compile(
            PAGE.format(width=width).encode(),
            format="png",
            ppi=72 * scale,
            font_paths=typst.Fonts(include_system_fonts=False, font_paths=[str(fonts)]),
            sys_inputs={"picture": svg.replace("Helvetica Neue, ", "Source Sans 3, ")},
        )
    return drawn
