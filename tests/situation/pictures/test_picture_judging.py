"""When a camera's pictures count as frozen or dead: never from too few, always when nothing moves any more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter

from situation.pictures import Evidence, Look, PictureBook, Verdict, judged, look_at, seen_again
from situation.pictures.judging import LEAST_PLAIN, LEAST_SAME, LONGEST_GAP_S

START = datetime(2026, 8, 9, 6, 0, tzinfo=UTC)
FROZEN_AFTER_S = 30.0
LIVING = Look(b"a", is_plain=False, is_black=False)


def jpeg(image: Image.Image, quality: int = 75, comment: bytes = b"") -> bytes:
    target = BytesIO()
    image.save(target, "JPEG", quality=quality, comment=comment)
    return target.getvalue()


def street(seed: int, brightness: float = 1.0) -> Image.Image:
    """Something like a street: fields of different grey, and the noise that every sensor has."""
    rng = Random(seed)
    image = Image.new("L", (640, 360), int(90 * brightness))
    pen = ImageDraw.Draw(image)
    for _ in range(60):
        x, y = rng.randint(0, 600), rng.randint(0, 330)
        pen.rectangle(
            (x, y, x + rng.randint(10, 120), y + rng.randint(10, 90)), fill=int(rng.randint(30, 230) * brightness)
        )
    noise = np.random.default_rng(seed).normal(0, 3, (360, 640))
    grey = np.clip(np.asarray(image, dtype=np.float64) + noise, 0, 255).astype(np.uint8)
    return Image.fromarray(grey).convert("RGB")


def plain(level: int, text: str = "") -> Image.Image:
    image = Image.new("RGB", (640, 360), (level, level, level))
    ImageDraw.Draw(image).text((14, 10), text, fill=(250, 250, 250))
    return image


def evidence_of(looks: list[tuple[Look, float]]) -> Evidence:
    evidence = None
    for look, at_s in looks:
        evidence = seen_again(evidence, look, START + timedelta(seconds=at_s), at_s)
    assert evidence is not None
    return evidence


looks = st.builds(Look, st.sampled_from([b"a", b"b", b"c"]), st.booleans(), st.booleans())
gaps_s = st.floats(min_value=0.1, max_value=90)


@given(st.lists(st.tuples(looks, gaps_s), min_size=1, max_size=30))
def test_no_verdict_falls_without_enough_pictures_that_say_so(steps: list[tuple[Look, float]]) -> None:
    at_s, shown = 0.0, []
    for look, gap_s in steps:
        at_s += gap_s
        shown.append((look, at_s))
    found = judged(evidence_of(shown), FROZEN_AFTER_S)
    same = (
        len(shown)
        - next((i for i in range(len(shown) - 1, -1, -1) if shown[i][0].fingerprint != shown[-1][0].fingerprint), -1)
        - 1
    )
    empty = len(shown) - next((i for i in range(len(shown) - 1, -1, -1) if not shown[i][0].is_plain), -1) - 1
    if found is None:
        return
    if found[0] is Verdict.FROZEN:
        assert same >= LEAST_SAME
        assert shown[-1][1] - shown[-same][1] >= FROZEN_AFTER_S
        assert found[1] == START + timedelta(seconds=shown[-same][1])
    else:
        assert empty >= LEAST_PLAIN


@given(st.integers(min_value=LEAST_SAME, max_value=40), st.floats(min_value=10.0, max_value=60))
def test_what_stands_still_for_long_is_found(count: int, gap_s: float) -> None:
    found = judged(evidence_of([(LIVING, i * gap_s) for i in range(count)]), FROZEN_AFTER_S)
    assert found == (Verdict.FROZEN, START)


@given(st.lists(gaps_s, min_size=2, max_size=40))
def test_a_picture_that_always_changes_is_never_suspected(gaps: list[float]) -> None:
    at_s, shown = 0.0, []
    for number, gap_s in enumerate(gaps):
        at_s += gap_s
        shown.append((Look(str(number).encode(), is_plain=False, is_black=False), at_s))
    assert judged(evidence_of(shown), FROZEN_AFTER_S) is None


def test_the_first_living_picture_ends_a_verdict() -> None:
    frozen = [(LIVING, i * 10.0) for i in range(8)]
    assert judged(evidence_of(frozen), FROZEN_AFTER_S) is not None
    moved = Look(b"b", is_plain=False, is_black=False)
    assert judged(evidence_of([*frozen, (moved, 81.0)]), FROZEN_AFTER_S) is None


def test_nothing_is_concluded_across_a_long_pause() -> None:
    shown = [(LIVING, 0.0), (LIVING, 1.0), (LIVING, 2.0), (LIVING, 3.0 + LONGEST_GAP_S)]
    assert judged(evidence_of(shown), FROZEN_AFTER_S) is None


def test_equal_pixels_in_different_files_are_the_same_picture() -> None:
    image = street(1)
    assert look_at(jpeg(image, comment=b"12:00:00")) == look_at(jpeg(image, comment=b"12:00:01"))


@pytest.mark.parametrize("brightness", [1.0, 0.25])
def test_two_pictures_of_a_still_street_differ(brightness: float) -> None:
    """The scene is the same, the noise of the sensor is not."""
    first, second = street(1, brightness), street(1, brightness)
    noise = np.random.default_rng(9).normal(0, 2, (360, 640, 1))
    second = Image.fromarray(np.clip(np.asarray(second, dtype=np.float64) + noise, 0, 255).astype(np.uint8))
    looks = [look_at(jpeg(image)) for image in (first, second)]
    assert looks[0] is not None
    assert looks[1] is not None
    assert looks[0].fingerprint != looks[1].fingerprint
    assert not looks[0].is_plain


@pytest.mark.parametrize(("level", "is_black"), [(0, True), (12, True), (60, False), (128, False), (255, False)])
def test_a_picture_of_one_colour_is_plain_whatever_words_stand_in_it(level: int, is_black: bool) -> None:
    look = look_at(jpeg(plain(level, "2026-08-09 14:00:00 NO SIGNAL")))
    assert look is not None
    assert (look.is_plain, look.is_black) == (True, is_black)


def test_a_dark_blurred_street_is_not_dead() -> None:
    look = look_at(jpeg(street(3, 0.3).filter(ImageFilter.GaussianBlur(4))))
    assert look is not None
    assert not look.is_plain


@pytest.mark.parametrize("body", [b"", b"\xff\xd8\xff", b"<html>", jpeg(street(1))[:200]])
def test_what_is_no_picture_says_nothing(body: bytes) -> None:
    assert look_at(body) is None


def test_the_book_tells_who_is_dead_and_forgets_who_is_gone() -> None:
    book = PictureBook(FROZEN_AFTER_S)
    dead, alive = jpeg(plain(2)), [jpeg(street(seed)) for seed in range(4)]
    for i in range(4):
        book.note("dead", dead, START + timedelta(seconds=5 * i), 5.0 * i)
        book.note("alive", alive[i], START + timedelta(seconds=5 * i), 5.0 * i)
    assert {camera: finding.verdict for camera, finding in book.findings.items()} == {"dead": Verdict.BLACK}
    assert book.findings["dead"].since == START
    assert book.findings["dead"].checked_at == START + timedelta(seconds=15)
    assert book.judged_count == 2
    version = book.version
    book.forget("dead")
    assert not book.findings
    assert book.version > version
