"""What can be wrong with a layout, each as a script that lists where it is so. Shared by every test of screens."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from playwright.sync_api import TimeoutError

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCROLLS = """() => [document.documentElement, document.body]
  .filter((e) => e.scrollWidth > innerWidth || e.scrollHeight > innerHeight).map((e) => e.tagName)"""

OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll('section[data-panel]')].filter((e) => e.getClientRects().length)
    .map((e) => [e.dataset.panel, e.getBoundingClientRect()]);
  return boxes.flatMap(([a, x], i) => boxes.slice(i + 1).filter(([, y]) =>
    x.left < y.right - 1 && y.left < x.right - 1 && x.top < y.bottom - 1 && y.top < x.bottom - 1,
  ).map(([b]) => `${a} / ${b}`));
}"""
SCROLLED = """(e, section) => {
  for (let at = e.parentElement; at && at !== section.parentElement; at = at.parentElement) {
    if (['auto', 'scroll'].includes(getComputedStyle(at).overflowY) && at.scrollHeight > at.clientHeight) return true;
  }
  return false;
}"""
"""Whether something lies in a list that scrolls within its panel: what is beyond its edge can be reached."""

OUTSIDE = f"""() => {{ const isScrolled = {SCROLLED}; 
return [...document.querySelectorAll('section[data-panel]')].filter((e) => e.getClientRects().length)
  .flatMap((section) => {{
    const frame = section.getBoundingClientRect();
    return [...section.querySelectorAll('.panel-body *, .panel-head *')].filter((e) => {{
      if (!e.getClientRects().length || e.closest('.onescreen-map, svg, .graph') || !e.textContent.trim()) return false;
      if (isScrolled(e, section)) return false;
      const box = e.getBoundingClientRect();
      if (!box.width || !box.height || getComputedStyle(e).clipPath !== 'none') return false;
      return box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1
        || box.bottom > frame.bottom + 1;
    }}).map((e) => `${{section.dataset.panel}}: ${{e.className}} ${{e.textContent.slice(0, 40)}}`);
  }}); }}"""
CUT_OFF = """() => [...document.querySelectorAll('section[data-panel] *, header *')].filter((e) => {
  if (!e.getClientRects().length || e.closest('.graph, .onescreen-map, svg')) return false;
  const style = getComputedStyle(e);
  if (style.display === 'inline' || style.clipPath !== 'none') return false;
  const hasText = [...e.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  const clips = (overflow) => overflow === 'hidden' || overflow === 'clip'; // what scrolls can be reached
  const isWide = hasText && e.scrollWidth > e.clientWidth + 1 && style.textOverflow !== 'ellipsis';
  const isTall = clips(style.overflowY) && e.clientHeight && e.scrollHeight > e.clientHeight + 2
    && style.webkitLineClamp === 'none';
  return isWide || isTall;
}).map((e) => [e.closest('section, header').id, e.parentElement.className, e.className, e.textContent.slice(0, 60)]
  .join(' > '))"""

SETTLES_WITHIN_MS = 4000
"""Headings find their room with the next beat of the page's clock, a second at most."""

CHECKS = {"scrolls": SCROLLS, "overlaps": OVERLAPS, "outside": OUTSIDE, "cut off": CUT_OFF}
"""Scripts by what they find."""


def faults(page: Page) -> dict[str, list[str]]:
    """Everything that is wrong with the layout of a page once it has settled, by what it is; empty when nothing is."""
    all_fine = f"() => [{', '.join(CHECKS.values())}].every((check) => check().length === 0)"
    with suppress(TimeoutError):
        page.wait_for_function(all_fine, timeout=SETTLES_WITHIN_MS)
    found = {name: page.evaluate(script) for name, script in CHECKS.items()}
    return {name: places for name, places in found.items() if places}
