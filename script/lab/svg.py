"""Drawings as SVG, without a library: a light card that can be read on any background."""
from html import escape

FONT = "'DejaVu Sans', Verdana, Helvetica, Arial, sans-serif"
INK, SOFT, GRID = "#1f2937", "#526070", "#d5dbe3"


class Drawing:
    def __init__(self, width, height, title):
        self.width, self.height, self.title = width, height, title
        self.parts = []

    def rect(self, x, y, width, height, fill, **more):
        self.add("rect", x=x, y=y, width=max(width, 0), height=height, fill=fill, **more)

    def line(self, x1, y1, x2, y2, stroke=INK, width=1.0, **more):
        self.add("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, stroke_width=width, **more)

    def path(self, points, stroke, width=2.0, **more):
        steps = " L".join(f"{x:.2f} {y:.2f}" for x, y in points)
        self.add("path", d="M" + steps, fill="none", stroke=stroke, stroke_width=width, **more)

    def circle(self, x, y, radius, fill, **more):
        self.add("circle", cx=x, cy=y, r=radius, fill=fill, **more)

    def text(self, x, y, words, size=13, fill=INK, anchor="start", weight="normal", **more):
        self.add("text", words, x=x, y=y, font_size=size, fill=fill, text_anchor=anchor, font_weight=weight, **more)

    def add(self, element, words=None, **attributes):
        given = "".join(f' {name.replace("_", "-")}="{number(value)}"' for name, value in attributes.items())
        self.parts.append(f"<{element}{given}/>" if words is None else f"<{element}{given}>{escape(words)}</{element}>")

    def save(self, path):
        with open(path, "w") as file:
            file.write(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
                       f'width="{self.width}" height="{self.height}" font-family="{FONT}" role="img">\n'
                       f"<title>{escape(self.title)}</title>\n"
                       f'<rect x="0.5" y="0.5" width="{self.width - 1}" height="{self.height - 1}" rx="8" '
                       f'fill="#ffffff" stroke="{GRID}"/>\n' + "\n".join(self.parts) + "\n</svg>\n")


def number(value):
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else escape(str(value))
