"""The contrast of the colours that stand on each other (WCAG 2.2, 1.4.3 and 1.4.11), in both schemes."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "templates" / "static"
# All but the tokens themselves, which modes.css has too, and a sheet of paper.
SHEETS = sorted({path.name for path in STATIC.glob("*.css")} - {"tokens.css", "modes.css", "poster.css"})
TEXT_PAIRS = [
    *(
        (ink, ground)
        for ink in ("ink", "ink-soft", "accent", "accent-strong")
        for ground in ("paper", "sheet")
    ),
    *(("ink", f"{meaning}-wash") for meaning in ("accent", "fine", "attention", "stop")),
    *((meaning, f"{meaning}-wash") for meaning in ("accent", "fine", "attention", "stop")),
    *((meaning, ground) for meaning in ("fine", "attention", "stop") for ground in ("paper", "sheet")),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-stop", "stop"),
]
SHAPE_PAIRS = [
    (shape, ground) for shape in ("line-strong", "focus") for ground in ("paper", "sheet", "accent-wash")
]


def schemes() -> dict[str, dict[str, str]]:
    """The colour tokens of each :root block; the dark one overrides the light one."""
    css = (STATIC / "tokens.css").read_text("utf-8")
    blocks = re.findall(r":root(\[data-scheme=\"dark\"\])?\s*\{(.*?)\}", css, re.DOTALL)
    found = {
        "dark" if dark else "light": dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\b", body))
        for dark, body in blocks
    }
    modes = (STATIC / "modes.css").read_text("utf-8").split("@media print")[0]
    for mode, body in re.findall(r"^\.(elder|contrast) \{(.*?)\}", modes, re.DOTALL | re.MULTILINE):
        found.setdefault(mode, found["light"] | dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\b", body)))
    return found | {"dark": found["light"] | found["dark"]}


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2, definitions)."""
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_agrees_with_known_values() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_has_a_contrast_of_4_5(scheme: str, ink: str, ground: str) -> None:
    tokens = schemes()[scheme]
    assert contrast(tokens[ink], tokens[ground]) >= 4.5


@pytest.mark.parametrize("mode", ["elder", "contrast"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_for_elders_and_in_high_contrast_text_has_7(mode: str, ink: str, ground: str) -> None:
    """WCAG 2.2, 1.4.6 (AAA)."""
    tokens = schemes()[mode]
    assert contrast(tokens[ink], tokens[ground]) >= 7


@pytest.mark.parametrize("scheme", ["light", "dark", "elder", "contrast"])
@pytest.mark.parametrize(("shape", "ground"), SHAPE_PAIRS)
def test_shapes_that_mean_something_have_a_contrast_of_3(scheme: str, shape: str, ground: str) -> None:
    tokens = schemes()[scheme]
    assert contrast(tokens[shape], tokens[ground]) >= 3


def test_the_dark_scheme_overrides_every_colour() -> None:
    css = (STATIC / "tokens.css").read_text("utf-8")
    light, dark = css.split('[data-scheme="dark"]')
    assert set(re.findall(r"--([\w-]+):\s*#", light)) == set(re.findall(r"--([\w-]+):\s*#", dark))


@pytest.mark.parametrize("sheet", SHEETS)
def test_pages_take_every_colour_and_size_from_the_tokens(sheet: str) -> None:
    css = (STATIC / sheet).read_text("utf-8")
    rules, _, print_rules = css.partition("@media print")
    assert not re.findall(r"#[0-9a-f]{3,8}\b(?=[;\s,)])|rgba?\(|hsla?\(|oklch\(", css)
    assert set(re.findall(r"font-size:\s*([^;]+);", rules)) <= {
        f"var(--text{s})" for s in ("", "-large", "-title", "-map")
    }
    tokens = set(re.findall(r"(--[\w-]+):", (STATIC / "tokens.css").read_text("utf-8")))
    assert set(re.findall(r"var\((--[\w-]+)\)", rules + print_rules)) <= tokens
