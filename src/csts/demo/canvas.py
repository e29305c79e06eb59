"""A sheet to draw demo pictures on: boxes, lines of text, and windows around them, with the font that Pillow brings."""

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]
Box = tuple[int, int, int, int]

PAPER: Colour = (252, 250, 246)
INK: Colour = (43, 36, 31)
SOFT: Colour = (138, 127, 117)
LINE: Colour = (226, 219, 209)
COFFEE: Colour = (111, 69, 39)
CREAM: Colour = (243, 233, 220)
RED: Colour = (190, 46, 38)
BLUSH: Colour = (252, 232, 229)
AMBER: Colour = (214, 139, 21)
GREEN: Colour = (46, 125, 80)
WHITE: Colour = (255, 255, 255)


# Kept, for Pillow unpacks its font anew at every call.
@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


class Canvas:
    """An RGB picture; places are in pixels from the top left."""

    def __init__(self, width: int, height: int, colour: Colour = PAPER) -> None:
        self.image = Image.new("RGB", (width, height), colour)
        self.draw = ImageDraw.Draw(self.image)
        self.width, self.height = width, height

    def box(self, box: Box, fill: Colour | None = None, *, line: Colour | None = None, radius: int = 0) -> None:
        self.draw.rounded_rectangle(box, radius, fill, line, 2 if line else 0)

    def dot(self, x: int, y: int, radius: int, fill: Colour) -> None:
        self.draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill)

    def rule(self, y: int, left: int, right: int) -> None:
        self.draw.line((left, y, right, y), LINE, 2)

    def text(self, x: int, y: int, text: str, *, size: int = 20, colour: Colour = INK, anchor: str = "la") -> None:
        self.draw.text((x, y), text, colour, _font(size), anchor)

    def paragraph(self, x: int, y: int, text: str, *, width: int, size: int = 20, colour: Colour = INK) -> int:
        """Wraps the text; gives back where the next line would stand."""
        line = ""
        for word in text.split():
            longer = f"{line} {word}".strip()
            if line and self.draw.textlength(longer, _font(size)) > width:
                self.text(x, y, line, size=size, colour=colour)
                line, y = word, y + size * 3 // 2
            else:
                line = longer
        self.text(x, y, line, size=size, colour=colour)
        return y + size * 3 // 2

    def button(self, box: Box, label: str, *, fill: Colour = COFFEE, colour: Colour = WHITE) -> None:
        self.box(box, fill, radius=10)
        self.text((box[0] + box[2]) // 2, (box[1] + box[3]) // 2, label, size=19, colour=colour, anchor="mm")

    def png(self) -> bytes:
        # Few colours are in such a drawing: with a palette it takes a third of the bytes and of the time.
        file = BytesIO()
        self.image.quantize(128, Image.Quantize.FASTOCTREE).save(file, "PNG", compress_level=4)
        return file.getvalue()


def phone() -> Canvas:
    """The shop's app on a phone."""
    canvas = Canvas(560, 1000, CREAM)
    canvas.box((0, 0, 560, 44), COFFEE)
    canvas.text(24, 12, "9:41", size=18, colour=WHITE)
    canvas.text(536, 12, "LTE  82%", size=18, colour=WHITE, anchor="ra")
    canvas.box((0, 44, 560, 116), COFFEE)
    canvas.text(280, 80, "Oriel Coffee", size=26, colour=WHITE, anchor="mm")
    canvas.box((0, 920, 560, 1000), WHITE)
    for x, label in ((70, "Home"), (210, "Machine"), (350, "Beans"), (490, "Account")):
        canvas.dot(x, 944, 9, COFFEE if label == "Machine" else LINE)
        canvas.text(x, 976, label, size=16, colour=SOFT, anchor="mm")
    return canvas


def browser(address: str) -> Canvas:
    """The shop's site in a browser window."""
    canvas = Canvas(1120, 720, WHITE)
    canvas.box((0, 0, 1120, 56), LINE)
    for x, colour in ((28, RED), (56, AMBER), (84, GREEN)):
        canvas.dot(x, 28, 9, colour)
    canvas.box((130, 11, 1090, 45), WHITE, radius=17)
    canvas.text(152, 28, address, size=17, colour=SOFT, anchor="lm")
    canvas.box((0, 56, 1120, 128), COFFEE)
    canvas.text(60, 92, "Oriel Coffee", size=28, colour=WHITE, anchor="lm")
    canvas.text(1060, 92, "Machines    Beans    Account", size=18, colour=CREAM, anchor="rm")
    return canvas
