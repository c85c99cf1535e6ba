// The chart of a datastream: the band of extremes, the last values, limits dashed, silence hatched. It asks for as many
// points as it has pixels; the span of time stands in the address (`range=7d`), so a shared link shows the same.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const { h, svg, set, say, t, measured, clock, once } = onescreen.tools;
  const RANGES = Object.keys(onescreen.chartRanges);
  const DEFAULT = "3h";
  const LEAST_PAUSE_MS = 10000;
  const PAUSE_SHARE = 1 / 400; // of the span: a year need not be asked for every ten seconds
  const RETRY_MS = 5000;
  const ROOM = { left: 3, right: 0.9, top: 0.6, bottom: 1.5 }; // rem
  const TICK_REM = 6;
  const REM_DEFAULT = 16;
  let hatches = 0;
  onescreen.reserveKeys?.("range");

  const rangeHere = () => {
    const asked = new URLSearchParams(location.search).get("range");
    return RANGES.includes(asked) ? asked : DEFAULT;
  };

  function build(element) {
    const id = `chart-hatch-${++hatches}`;
    const head = h("div", { class: "chart-head" });
    const name = h("b");
    const told = h("span", { class: "chart-told" });
    const buttons = h("div", { class: "chart-ranges", role: "group", "aria-label": t("chart.ranges") });
    head.append(name, told, buttons);
    const hatch = svg("pattern", { id, width: 8, height: 8, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, svg("path", { d: "M0 0V8", class: "chart-hatch" }));
    const plot = svg("g");
    const cursor = svg("g", { class: "chart-cursor" });
    const paper = svg("svg", { class: "chart-paper", role: "img", tabindex: 0 }, svg("defs", null, hatch), plot, cursor);
    const note = h("p", { class: "chart-note" });
    element.append(head, paper, note);
    return { id, name, told, buttons, paper, plot, cursor, note };
  }

  function draw(element, first) {
    let given = first;
    let range = rangeHere();
    let series = null;
    let view = null;
    let timer = 0;
    let asked = null;
    let isRemoved = false;
    const parts = once(element, build);

    for (const key of RANGES) {
      const button = h("button", { type: "button", "data-range": key }, t(`chart.range.${key}`));
      button.addEventListener("click", () => choose(key));
      parts.buttons.append(button);
    }

    /** All charts of the page show the same span; it is a view of the same page, so no step of the history. */
    function choose(key) {
      const params = new URLSearchParams(location.search);
      if (key === DEFAULT) params.delete("range");
      else params.set("range", key);
      onescreen.goTo(location.pathname + (params.size ? `?${params}` : ""), { replace: true });
    }

    async function load() {
      clearTimeout(timer);
      asked?.abort();
      asked = new AbortController();
      const span = onescreen.chartRanges[range];
      const points = Math.max(60, Math.min(2000, Math.round(element.clientWidth || 600)));
      const since = new Date(onescreen.tools.now() - span).toISOString();
      const query = new URLSearchParams({ datastream: given.datastream, since, points });
      let pause = Math.max(LEAST_PAUSE_MS, span * PAUSE_SHARE);
      try {
        const answer = await fetch(`/api/v1/observations/series?${query}`, { signal: asked.signal });
        if (!answer.ok) throw new Error(`the series answered ${answer.status}`);
        const body = await answer.json();
        series = { ...body, since: Date.parse(body.since), until: Date.parse(body.until) };
        show();
        onescreen.partDone(element);
      } catch (error) {
        if (error.name === "AbortError") return;
        console.warn("onescreen: a chart waits for its readings", error);
        pause = RETRY_MS;
      }
      if (!isRemoved) timer = setTimeout(() => (document.hidden ? (timer = setTimeout(load, pause)) : load()), pause);
    }

    function show() {
      if (!series || isRemoved) return;
      for (const button of parts.buttons.children) set(button, { "aria-pressed": String(button.dataset.range === range) });
      say(parts.name, given.name);
      view = viewOf(element, parts.paper, series, given);
      fill(parts, series, given, view);
    }

    function point(event) {
      if (!view?.points.length) return;
      const x = event.clientX - parts.paper.getBoundingClientRect().left;
      showAt(nearest(view, x));
    }

    function showAt(index) {
      view.index = index;
      const [at, low, high, last] = view.points[index];
      const value = low === high ? measured(last, given.unit) : t("chart.from_to", { low: measured(low), high: measured(high, given.unit) });
      say(parts.told, `${clock(at)} · ${value}`);
      const x = view.x(at);
      parts.cursor.replaceChildren(svg("path", { d: `M${x} ${view.top}V${view.bottom}` }), svg("circle", { cx: x, cy: view.y(last), r: 3.5 }));
    }

    function leave() {
      parts.cursor.replaceChildren();
      if (view) tell(parts, series, given, view);
    }

    function onKey(event) {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step || !view?.points.length) return;
      event.preventDefault();
      showAt(Math.max(0, Math.min(view.points.length - 1, (view.index ?? view.points.length) + step)));
    }

    parts.paper.addEventListener("pointermove", point);
    parts.paper.addEventListener("pointerleave", leave);
    parts.paper.addEventListener("keydown", onKey);
    parts.paper.addEventListener("blur", leave);
    const watcher = new ResizeObserver(onescreen.calmly(show, 100));
    watcher.observe(element);
    const unfollow = onescreen.on("address", () => {
      if (range === rangeHere()) return;
      range = rangeHere();
      delete element.dataset.drawn;
      load();
    });
    load();
    return {
      update(changed) {
        const isOther = changed.datastream !== given.datastream;
        given = changed;
        if (isOther) load();
        else show();
      },
      remove() {
        isRemoved = true;
        clearTimeout(timer);
        asked?.abort();
        watcher.disconnect();
        unfollow();
      },
    };
  }

  function nearest({ points, x }, px) {
    let best = 0;
    for (let i = 1; i < points.length; i += 1) if (Math.abs(x(points[i][0]) - px) < Math.abs(x(points[best][0]) - px)) best = i;
    return best;
  }

  function viewOf(element, paper, series, given) {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) || REM_DEFAULT;
    const { clientWidth: width, clientHeight: height } = paper;
    const { points, since, until } = series;
    const [left, right] = [ROOM.left * rem, width - ROOM.right * rem];
    const [top, bottom] = [ROOM.top * rem, height - ROOM.bottom * rem];
    const range = points.length ? onescreen.valueRange(points, given.limits) : { bottom: 0, top: 1, near: [] };
    return {
      rem, width, height, left, right, top, bottom, points, range,
      x: (ms) => left + ((ms - since) / (until - since)) * (right - left),
      y: (value) => bottom - ((value - range.bottom) / (range.top - range.bottom)) * (bottom - top),
    };
  }

  function fill(parts, series, given, view) {
    set(parts.paper, { viewBox: `0 0 ${view.width} ${view.height}`, "aria-label": given.name });
    const silent = onescreen.silences(series.points, series);
    parts.plot.replaceChildren(
      ...silent.map(([from, to]) => svg("rect", { x: view.x(from), y: view.top, width: Math.max(0, view.x(to) - view.x(from)), height: view.bottom - view.top, fill: `url(#${parts.id})` })),
      ...axes(series, view),
      ...limitLines(view, given),
      ...curves(series.points, silent, view),
      ...eventLines(given, series, view),
    );
    parts.cursor.replaceChildren();
    tell(parts, series, given, view);
  }

  /** Runs of points between silences. */
  function runsOf(points, silent) {
    const cuts = new Set(silent.map(([from]) => from));
    const runs = [[]];
    for (const point of points) {
      runs.at(-1).push(point);
      if (cuts.has(point[0])) runs.push([]);
    }
    return runs.filter((run) => run.length);
  }

  function curves(points, silent, { x, y }) {
    const at = (ms, value) => `${x(ms).toFixed(1)} ${y(value).toFixed(1)}`;
    return runsOf(points, silent).flatMap((run) => {
      const upper = run.map(([ms, , high]) => at(ms, high));
      const lower = run.map(([ms, low]) => at(ms, low)).reverse();
      const line = run.map(([ms, , , last]) => at(ms, last));
      const single = run.length === 1 ? [svg("circle", { cx: x(run[0][0]), cy: y(run[0][3]), r: 2, class: "chart-dot" })] : [];
      return [
        svg("path", { d: `M${upper.join("L")}L${lower.join("L")}Z`, class: "chart-band" }),
        svg("path", { d: `M${line.join("L")}`, class: "chart-line" }),
        ...single,
      ];
    });
  }

  function axes({ since, until }, view) {
    const { rem } = view;
    const most = Math.max(2, Math.floor((view.right - view.left) / (TICK_REM * rem)));
    const { ticks, step } = onescreen.timeTicks(since, until, most, onescreen.settings.timezone);
    const text = (x, y, words, anchor) => svg("text", { x, y, "text-anchor": anchor, "font-size": 0.8125 * rem, class: "chart-text" }, words);
    const values = onescreen.valueTicks(view.range.bottom, view.range.top, 4);
    return [
      ...values.map((value) => svg("path", { d: `M${view.left} ${view.y(value)}H${view.right}`, class: "chart-grid" })),
      ...values.map((value) => text(view.left - 0.5 * rem, view.y(value) + 0.3 * rem, measured(value), "end")),
      ...ticks.map((ms) => svg("path", { d: `M${view.x(ms)} ${view.bottom}v4`, class: "chart-tick" })),
      ...ticks.map((ms) => text(Math.min(view.right - rem, view.x(ms)), view.height - 0.3 * rem, tickText(ms, step), "middle")),
    ];
  }

  function tickText(ms, step) {
    const day = new Intl.DateTimeFormat("sv-SE", { timeZone: onescreen.settings.timezone, year: "numeric", month: "2-digit", day: "2-digit" }).format(ms);
    if (step >= 30 * 86400000) return day.slice(0, 7);
    return step >= 86400000 ? day.slice(5) : onescreen.tools.minuteOf(ms);
  }

  function limitLines(view, given) {
    return view.range.near.flatMap(({ level, limit }) => {
      const y = view.y(limit);
      const words = t("chart.limit", { level, limit: measured(limit, given.unit) });
      return [
        svg("path", { d: `M${view.left} ${y}H${view.right}`, class: "chart-limit", "data-level": level }),
        svg("text", { x: view.right, y: y - 4, "text-anchor": "end", "font-size": 0.8125 * view.rem, class: "chart-limit-text", "data-level": level }, words),
      ];
    });
  }

  function eventLines(given, { since, until }, view) {
    return (given.events ?? []).filter(([ms]) => ms > since && ms < until).flatMap(([ms, words]) => [
      svg("path", { d: `M${view.x(ms)} ${view.top}V${view.bottom}`, class: "chart-event" }),
      svg("text", { x: view.x(ms) + 4, y: view.top + 0.8 * view.rem, "font-size": 0.8125 * view.rem, class: "chart-text" }, words),
    ]);
  }

  /** The last value with its age; below it what the curve is made of. */
  function tell(parts, { points, resolution }, given, view) {
    const last = points.at(-1);
    say(parts.told, last ? `${measured(last[3], given.unit)} · ${clock(last[0])}` : "");
    const { low, high } = view.range;
    const extremes = last ? t("chart.extremes", { low: measured(low, given.unit), high: measured(high, given.unit) }) : t("chart.empty");
    say(parts.note, last && resolution ? `${extremes} · ${t(`chart.of_${resolution}`)}` : extremes);
  }

  onescreen.definePart("chart", draw);
})();
