// A take-over: a new priority-1 alarm, or an orange or red warning, gets the whole wall with its place, its cameras and
// its facts (the emergency scene about it), until it is acknowledged or its time is over. Never twice for the same
// issuance, never for old news, never anywhere but on a wall.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { tools, t } = onescreen;
  const root = document.documentElement;
  const SCENE = "emergency";
  const DWELL_S = 90;
  const FRESH_MS = 15 * 60000; // a wall that was off must not begin with last night's alarms
  const TICK_MS = 500;
  const KEY = "onescreen-takeovers";
  const MOST_KEPT = 300;
  const LEVELS = { red: 1, orange: 2 };

  /** What may take the wall over, worst first: [{id, kind, rank, at, row}]. */
  onescreen.takeoverCandidates = ({ alarms, warnings }) => {
    const worst = (alarms ?? []).filter((row) => row.priority === 1 && !row.acknowledged_at);
    const serious = (warnings ?? []).filter((row) => row.level in LEVELS && row.is_actual);
    return [
      ...worst.map((row) => ({ id: `alarm/${row.id}`, kind: "alarm", rank: 0, at: row.started_at, row })),
      ...serious.map((row) => ({ id: `warning/${row.id}`, kind: "warning", rank: LEVELS[row.level], at: row.sent_at, row })),
    ].sort((a, b) => a.rank - b.rank || b.at - a.at);
  };

  /** The first candidate that is new and not old news; null when there is none. */
  onescreen.nextTakeover = (candidates, seen, now, freshMs) =>
    candidates.find(({ id, at }) => !seen.has(id) && now - at < freshMs) ?? null;

  /** What took this wall over before, also before a reload; null when the wall was opened just now. */
  function remembered() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(KEY));
      return kept && new Set(kept);
    } catch {
      return null;
    }
  }

  function remember(seen) {
    try {
      sessionStorage.setItem(KEY, JSON.stringify([...seen].slice(-MOST_KEPT)));
    } catch {
      // a browser without storage forgets with the page, as it must
    }
  }

  const rowsOf = (key) => onescreen.heldPanel(key)?.values?.rows;

  function start() {
    const dwellMs = 1000 * (Number(onescreen.ofScreen("takeover")) || DWELL_S);
    const freshMs = FRESH_MS * (onescreen.settings.speed || 1);
    let seen = remembered();
    const parts = build();
    let active = null; // the candidate that has the wall
    let until = 0;

    function take(candidate) {
      active = candidate;
      until = onescreen.realTime() + dwellMs;
      seen.add(candidate.id);
      remember(seen);
      root.dataset.takeover = candidate.id;
      fill(parts, candidate);
      showLeft();
      parts.bar.hidden = false;
      onescreen.choice.force({ [candidate.kind]: candidate.row.id });
      onescreen.takeScene(SCENE);
      onescreen.emit("takeover", candidate);
    }

    function giveBack() {
      active = null;
      delete root.dataset.takeover;
      parts.bar.hidden = true;
      onescreen.choice.force(null);
      onescreen.takeScene(null);
    }

    function tick() {
      const candidates = onescreen.takeoverCandidates({ alarms: rowsOf("alarms"), warnings: rowsOf("warnings") });
      if (!seen) remember((seen = new Set(candidates.map(({ id }) => id)))); // whoever opens a wall sees what is there
      const isOver = active && (onescreen.realTime() >= until || !candidates.some(({ id }) => id === active.id));
      const next = onescreen.nextTakeover(candidates, seen, tools.now(), freshMs);
      const isWorse = active && next && next.rank < active.rank;
      if (isWorse || (!active && next)) return take(next);
      if (isOver) return next ? take(next) : giveBack();
      if (active) showLeft();
    }

    function showLeft() {
      const key = active.kind === "alarm" ? "takeover.left" : "takeover.left_warning";
      tools.say(parts.left, t(key, { s: Math.max(0, Math.ceil((until - onescreen.realTime()) / 1000)) }));
    }

    onescreen.takeover = { isActive: () => active !== null, end: () => active && giveBack() };
    document.addEventListener("keydown", (event) => event.key === "Escape" && onescreen.takeover.end());
    setInterval(() => root.dataset.feed === "live" && tick(), TICK_MS);
  }

  function build() {
    const parts = {
      alarm: tools.prioritySign(),
      warning: tools.warningSign(),
      why: tools.h("span", { class: "takeover-why" }),
      title: tools.h("b"),
      where: tools.h("span", { class: "takeover-where" }),
      left: tools.h("span", { class: "takeover-left" }),
    };
    parts.bar = tools.h("div", { class: "takeover", role: "alert", hidden: true }, ...Object.values(parts));
    document.body.append(parts.bar);
    return parts;
  }

  function fill(parts, { kind, row }) {
    const isAlarm = kind === "alarm";
    parts.alarm.style.display = isAlarm ? "" : "none";
    parts.warning.hidden = isAlarm;
    parts.bar.dataset.level = isAlarm ? "alarm" : row.level;
    if (isAlarm) tools.showPriority(parts.alarm, 1, false);
    else tools.showWarningSign(parts.warning, row.event, row.level, row.level_text);
    tools.say(parts.why, isAlarm ? t("takeover.alarm") : t("takeover.warning", { level: t(`level.${row.level}`) }));
    tools.say(parts.title, isAlarm ? tools.alarmTitle(row) : tools.named(row.headline, row.headline_en));
    tools.say(parts.where, isAlarm ? tools.named(row.street, row.street_en) : row.areas.slice(0, 4).join("、"));
  }

  if (onescreen.isWall) start();
})();
