"""Which browser on which system, in words, from what a browser says about itself: a guess that its owner recognises."""

import re

# In this order: most say that they are Safari and Chrome as well.
_BROWSERS = (
    (r"\bEdg(?:e|A|iOS)?/", "Edge"),
    (r"\bOPR/|\bOpera\b", "Opera"),
    (r"\bSamsungBrowser/", "Samsung Internet"),
    (r"\bFirefox/|\bFxiOS/", "Firefox"),
    (r"\bChrom(?:e|ium)/|\bHeadlessChrome/|\bCriOS/", "Chrome"),
    (r"\bVersion/[\d.]+.*\bSafari/", "Safari"),
)
_SYSTEMS = (
    (r"\biPhone\b", "iPhone"),
    (r"\biPad\b", "iPad"),
    (r"\bAndroid\b", "Android"),
    (r"\bWindows\b", "Windows"),
    (r"\bCrOS\b", "ChromeOS"),
    (r"\bMac OS X\b|\bMacintosh\b", "macOS"),
    (r"\bLinux\b", "Linux"),
)


def browser_of(user_agent: str) -> str | None:
    """None for what is no browser that we know, such as a program."""
    return _first(_BROWSERS, user_agent)


def system_of(user_agent: str) -> str | None:
    return _first(_SYSTEMS, user_agent)


def _first(names: tuple[tuple[str, str], ...], text: str) -> str | None:
    return next((name for pattern, name in names if re.search(pattern, text)), None)
