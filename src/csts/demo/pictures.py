"""The pictures that the customers of the demo send: screens, receipts and machines, drawn when they are needed."""

from collections.abc import Callable

from csts.demo.canvas import (
    AMBER,
    BLUSH,
    COFFEE,
    CREAM,
    GREEN,
    INK,
    LINE,
    RED,
    SOFT,
    WHITE,
    Canvas,
    Colour,
    browser,
    phone,
)

# Drawn at the first start: sixty-four tickets' worth of files would weigh more than the whole source.
LIGHTS: dict[str, Colour] = {"red": RED, "amber": AMBER, "green": GREEN, "off": LINE}


def draw(description: str) -> Canvas:
    """By its description: the kind and what is written on it, divided by bars, as in `machine | red | E-31`."""
    kind, *words = (part.strip() for part in description.split("|"))
    return KINDS[kind](*words)


def app_dialog(title: str, text: str, code: str = "") -> Canvas:
    """The phone with an error that covers what one wanted to do."""
    canvas = phone()
    for top in (150, 330, 510, 690):
        canvas.box((28, top, 532, top + 150), WHITE, radius=18)
        canvas.box((52, top + 30, 132, top + 110), CREAM, radius=12)
        canvas.box((156, top + 40, 430, top + 58), LINE, radius=8)
        canvas.box((156, top + 78, 360, top + 94), CREAM, radius=8)
    canvas.box((44, 340, 516, 690), WHITE, line=LINE, radius=22)
    canvas.dot(280, 396, 26, BLUSH)
    canvas.text(280, 396, "!", size=32, colour=RED, anchor="mm")
    canvas.text(280, 452, title, size=26, anchor="mm")
    below = canvas.paragraph(80, 486, text, width=400, size=20, colour=SOFT)
    if code:
        canvas.text(80, below + 6, f"Code {code}", size=18, colour=RED)
    canvas.button((80, 616, 480, 666), "Try again")
    return canvas


def app_list(title: str, *rows: str) -> Canvas:
    """A page of the app: rows of "label = value"; a value with an exclamation mark is in red."""
    canvas = phone()
    canvas.text(32, 146, title, size=30)
    for number, row in enumerate(rows):
        top = 210 + number * 92
        label, _, value = row.partition("=")
        canvas.box((24, top, 536, top + 78), WHITE, radius=14)
        canvas.text(48, top + 39, label.strip(), size=21, anchor="lm")
        wrong = value.endswith("!")
        colour = RED if wrong else SOFT
        canvas.text(512, top + 39, value.strip(" !"), size=20, colour=colour, anchor="rm")
    return canvas


def web_form(address: str, title: str, banner: str, *fields: str) -> Canvas:
    """A form on the site under a red banner: fields of "label = value"."""
    canvas = browser(address)
    canvas.text(60, 168, title, size=34)
    canvas.box((60, 226, 1060, 286), BLUSH, line=RED, radius=10)
    canvas.dot(94, 256, 13, RED)
    canvas.text(94, 256, "!", size=20, colour=WHITE, anchor="mm")
    canvas.text(124, 256, banner, size=20, colour=RED, anchor="lm")
    for number, field in enumerate(fields):
        label, _, value = field.partition("=")
        top = 318 + number * 96
        canvas.text(60, top, label.strip(), size=18, colour=SOFT)
        canvas.box((60, top + 26, 700, top + 74), WHITE, line=LINE, radius=8)
        canvas.text(78, top + 50, value.strip(), size=20, anchor="lm")
    canvas.button((60, 640, 260, 692), "Continue")
    return canvas


def web_page(address: str, title: str, text: str) -> Canvas:
    """A page of the site that did not come up."""
    canvas = browser(address)
    canvas.box((330, 214, 790, 610), CREAM, radius=24)
    canvas.text(560, 306, title, size=60, colour=COFFEE, anchor="mm")
    canvas.paragraph(380, 372, text, width=370, size=22, colour=SOFT)
    canvas.button((460, 530, 660, 582), "Back to the shop")
    return canvas


def statement(title: str, *rows: str) -> Canvas:
    """A bank's list of "date = what = amount"; a row that ends in an exclamation mark stands out."""
    canvas = Canvas(900, 150 + 74 * len(rows) + 60, WHITE)
    canvas.text(48, 44, title, size=30)
    canvas.text(852, 54, "EUR", size=20, colour=SOFT, anchor="ra")
    for number, row in enumerate(rows):
        top = 118 + number * 74
        date, what, amount = (part.strip() for part in row.rstrip("!").split("="))
        if row.endswith("!"):
            canvas.box((28, top + 4, 872, top + 70), BLUSH, radius=10)
        canvas.text(48, top + 37, date, size=20, colour=SOFT, anchor="lm")
        canvas.text(210, top + 37, what, size=22, anchor="lm")
        canvas.text(852, top + 37, amount, size=22, anchor="rm")
        canvas.rule(top + 73, 48, 852)
    return canvas


def receipt(number: str, total: str, *rows: str) -> Canvas:
    """Paper from the printer, a little crumpled at its lower edge: rows of "what = price"."""
    height = 330 + 44 * len(rows)
    canvas = Canvas(620, height + 80, (98, 92, 88))
    canvas.box((70, 40, 550, height), WHITE)
    for x in range(70, 550, 24):
        canvas.draw.polygon(((x, height), (x + 12, height + 14), (x + 24, height)), WHITE)
    canvas.text(310, 84, "ORIEL COFFEE", size=28, anchor="mm")
    canvas.text(310, 120, f"Receipt {number}", size=18, colour=SOFT, anchor="mm")
    for place, row in enumerate(rows):
        what, _, price = row.partition("=")
        canvas.text(104, 164 + place * 44, what.strip(), size=20)
        canvas.text(516, 164 + place * 44, price.strip(), size=20, anchor="ra")
    canvas.rule(height - 128, 104, 516)
    canvas.text(104, height - 108, "Total", size=26)
    canvas.text(516, height - 108, total, size=26, anchor="ra")
    for x, width in zip(range(150, 470, 10), (3, 6, 2, 7, 4, 2, 5, 3) * 4, strict=True):
        canvas.box((x, height - 52, x + width, height - 16), INK)
    return canvas


def machine(light: str, display: str, trouble: str = "") -> Canvas:
    """A coffee machine on a kitchen counter; `trouble` is "puddle", "steam" or "crack"."""
    canvas = Canvas(900, 700, (214, 222, 219))
    canvas.box((0, 540, 900, 700), (170, 140, 112))
    canvas.box((270, 120, 630, 560), (58, 54, 52), radius=26)
    canvas.box((300, 150, 600, 250), (24, 30, 28), radius=10)
    canvas.text(450, 200, display, size=36, colour=(150, 220, 190), anchor="mm")
    canvas.dot(330, 292, 15, LIGHTS[light])
    for x in (420, 490, 560):
        canvas.dot(x, 292, 20, (90, 84, 80))
    canvas.box((410, 330, 490, 390), (120, 112, 106), radius=8)
    canvas.box((300, 360, 600, 530), (36, 33, 31), radius=8)
    canvas.box((400, 440, 500, 524), WHITE, radius=12)
    canvas.box((280, 530, 620, 566), (84, 78, 74), radius=6)
    TROUBLES.get(trouble, _nothing)(canvas)
    return canvas


def parcel(number: str, *steps: str) -> Canvas:
    """A carrier's tracking page: steps of "when = what", the last one is where it stands."""
    canvas = Canvas(900, 190 + 92 * len(steps), WHITE)
    canvas.box((0, 0, 900, 84), (36, 62, 98))
    canvas.text(44, 42, "Swift Parcel", size=30, colour=WHITE, anchor="lm")
    canvas.text(44, 122, f"Shipment {number}", size=24)
    for number_, step in enumerate(steps):
        y = 196 + number_ * 92
        when, _, what = step.partition("=")
        is_last = number_ == len(steps) - 1
        if not is_last:
            canvas.box((62, y, 66, y + 92), LINE)
        canvas.dot(64, y, 13, AMBER if is_last else GREEN)
        canvas.text(110, y - 14, what.strip(), size=22)
        canvas.text(110, y + 16, when.strip(), size=17, colour=SOFT)
    return canvas


def _puddle(canvas: Canvas) -> None:
    canvas.draw.ellipse((200, 572, 720, 660), (128, 168, 190))
    canvas.draw.ellipse((240, 584, 560, 630), (160, 194, 212))


def _steam(canvas: Canvas) -> None:
    for x in (360, 440, 520):
        for y in range(20, 120, 20):
            canvas.dot(x + (y // 20 % 2) * 14, y, 16 - y // 12, WHITE)


def _crack(canvas: Canvas) -> None:
    canvas.draw.line((330, 560, 372, 500, 352, 460, 398, 410, 384, 372), (230, 226, 220), 4)


def _nothing(_canvas: Canvas) -> None:
    """Nothing but the light is wrong with it."""


TROUBLES: dict[str, Callable[[Canvas], None]] = {"puddle": _puddle, "steam": _steam, "crack": _crack}

KINDS: dict[str, Callable[..., Canvas]] = {
    "dialog": app_dialog,
    "list": app_list,
    "form": web_form,
    "page": web_page,
    "statement": statement,
    "receipt": receipt,
    "machine": machine,
    "parcel": parcel,
}
