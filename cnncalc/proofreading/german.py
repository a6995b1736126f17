"""German sentences in the English words that `facts` and `counts` know for settings of a layer."""

from __future__ import annotations

import re

from cnncalc.proofreading.plain import Plain

_WORDS = {
    r"schrittweiten?|schrittlänge": "stride",
    r"eingabe(?:bild(?:er|s)?|größe)|eingangsbild(?:er|s)?|eingabe|eingang": "input",
    r"ausgabe(?:größe|karte)?|ausgang": "output",
    r"(?:hat|haben|besitzt|besitzen) (?:die|eine) größe(?: von)?": "is of size",
    r"(?:von |mit )?(?:der|einer) größe(?: von)?": "of size",
    r"(?<=\d )filtern?": "filters",
    r"(?:faltungs|filter)kerne?n?": "kernels",
    r"filtergröße|kerngröße|kernelgröße": "kernel size",
    r"fensters?": "window",
    r"(?:ohne|kein(?:e|en)?) (?:padding|auffüllung|polsterung|rand)": "no padding",
    r"auffüllung|polsterung": "padding",
    r"(?:merkmals|feature-?)(?:karten?|maps?)": "feature maps",
    r"faltungsschicht(?:en)?": "convolutional layer",
    r"(?:voll|vollständig )(?:verbundenen?|vernetzten?)": "fully connected",
    r"(?<=\d )(?:trainierbaren? |lernbaren? )?(?:parametern?|gewichten?)": "parameters",
    r"neuronen": "neurons",
    r"ersten?": "first",
    r"zweiten?": "second",
    r"dritten?": "third",
    r"danach|anschließend": "then",
    r"verkleinert|reduziert": "reduced",
    r"(?:maximum|max)-?pooling": "max pooling",
    r"schicht(?:en)?": "layer",
    r"ist|sind|beträgt": "is",
    r"liefert|ergibt|erzeugt|macht daraus": "gives",
    r"auf(?= \d)": "to",
    r"faltung(?:en)?": "convolution",
    r"(?:abge)?flach(?:t|en)?|flachgeklopft": "flatten",
    r"wenn|falls|angenommen|würden?": "if we",
    r"bild(?:er|es)?": "image",
    r"insgesamt": "in total",
    r"netz(?:werk)?(?:es|s)?|modells?": "network",
    r"also|somit|damit|daher|dann": "",
    r"rund|etwa": "about",
    r"multiplikationen": "multiplications",
    r"mit": "with",
    r"von": "of",
    r"und": "and",
    r"eine[mnrs]?|ein": "a",
    r"die|der|das|den|dem|des": "the",
}
_PATTERN = re.compile("|".join(rf"\b(?P<w{n}>{german})(?![\w])" for n, german in enumerate(_WORDS)), re.IGNORECASE)
_COMMON = re.compile(r"\b(?:und|der|die|das|mit|wird|eine?|den|auf|nicht|von)\b")
MOST_RARE = 12
"""A text is German if one in so many words is common in German only."""


def is_german(text: str) -> bool:
    """Whether a text is written in German."""
    return len(_COMMON.findall(text)) * MOST_RARE > len(re.findall(r"\b[a-zA-Zäöüß]+\b", text)) > 0


def translated(line: Plain) -> Plain:
    """A line with English words if it describes layers; each of their signs has the place of the German word."""
    text, places, start = "", list[tuple[int, int]](), 0
    for match in _PATTERN.finditer(line.text):
        word = next(word for word, found in zip(_WORDS.values(), match.groups(), strict=True) if found is not None)
        text += line.text[start : match.start()] + word
        places += [*line.places[start : match.start()], *[line.at(match.start())] * len(word)]
        start = match.end()
    return Plain(text + line.text[start:], (*places, *line.places[start:]))
