"""The colours of charts and marks, as eyes see them that tell fewer apart.

Simulated in linear light: Machado, Oliveira & Fernandes 2009 (severity 1) for the three kinds of missing cones, and
the luminance of Rec. 709 where there is no colour at all. Distances are ΔE*ab (CIE 1976, D65); 2.3 is just seen.
"""

import re
from itertools import pairwise

import numpy as np
import pytest
from django.conf import settings

from assessments.charts import agreed_figures, colours, release_figures
from tests.assessments.test_charts import NAMES, example_release, example_scores

EYES = {
    "common": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
    "achromatopsia": [[0.2126, 0.7152, 0.0722]] * 3,
}
XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]])
WHITE = XYZ.sum(axis=1)
APART = 20  # for two marks that lie anywhere
BESIDE = 10  # for two areas that touch, in their order

TOKENS = dict(re.findall(r"(--[\w-]+): (#[0-9a-fA-F]{6});", (settings.BASE_DIR / "styles/_tokens.scss").read_text()))


def lab(colour: str, eyes: str) -> np.ndarray:
    """Return L*, a*, b* of `#rrggbb` as these eyes see it."""
    light = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    light = np.where(light <= 0.04045, light / 12.92, ((light + 0.055) / 1.055) ** 2.4)
    seen = XYZ @ np.clip(np.array(EYES[eyes]) @ light, 0, 1) / WHITE
    x, y, z = np.where(seen > (6 / 29) ** 3, np.cbrt(seen), seen / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def distance(one: str, other: str, eyes: str) -> float:
    return float(np.linalg.norm(lab(one, eyes) - lab(other, eyes)))


def test_the_simulation_knows_who_confuses_what():
    red, green = "#b03a2e", "#6b7a1f"
    assert distance(red, green, "common") > 60
    assert distance(red, green, "deuteranopia") < APART
    assert distance("#777777", "#777777", "tritanopia") == 0
    assert lab("#ffffff", "protanopia") == pytest.approx([100, 0, 0], abs=0.1)


@pytest.mark.parametrize("eyes", EYES)
def test_the_sides_are_told_apart_by_colour_or_shape(eyes):
    figures = [*agreed_figures(example_scores(), NAMES).values(), *release_figures(example_release(), NAMES).values()]
    assert len(figures) == 4
    for figure in figures:
        marks = [trace["marker"] for trace in figure["data"] if "markers" in trace["mode"]]
        for at, one in enumerate(marks):
            for other in marks[at + 1 :]:
                told_by_shape = one["symbol"] != other["symbol"]
                told_by_colour = distance(one["color"], other["color"], eyes) >= APART
                assert told_by_shape, (one, other)
                assert told_by_colour or eyes == "achromatopsia" or one["color"] == other["color"]


@pytest.mark.parametrize("eyes", EYES)
def test_each_rung_is_darker_than_the_one_below_and_seen_beside_it(eyes):
    rungs = [TOKENS[f"--lv-{level}"] for level in range(5)]
    assert tuple(rungs) == colours.LEVELS
    light = [lab(one, eyes)[0] for one in rungs]
    assert light == sorted(light, reverse=True)
    near = [distance(one, other, eyes) for one, other in pairwise(rungs)]
    assert min(near) >= BESIDE
    assert TOKENS["--north"].upper() == "#0072B2"
