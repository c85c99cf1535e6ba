// What happens, where, since when, how bad against its limit, who is on it. When nothing burns it says so plainly.
(() => {
  "use strict";
  const { h, set, say, sayParts, once, rows, onChildren, since, prioritySign, showPriority, warningSign, showWarningSign, showAlarmStanding, measured, count, clock, duration, named, isUnknown, t } =
    onescreen.tools;
  const { emergency } = onescreen;

  function buildIncident() {
    const sign = prioritySign();
    const warning = warningSign();
    const title = h("h3");
    const standing = h("em", { class: "standing" });
    const place = h("p", { class: "incident-place" });
    const value = h("p", { class: "incident-value" }, h("b"), h("span"), h("em"));
    const scale = h("div", { class: "incident-scale", role: "img" }, h("div", { class: "incident-track" }, h("i")), h("div", { class: "incident-limits" }));
    const next = h("p", { class: "incident-next" });
    const started = h("span");
    const age = h("b");
    const state = h("span", { class: "incident-state" });
    const times = h("p", { class: "incident-times" }, started, age, state);
    const who = h("span", { class: "incident-who" });
    const link = h("a", { class: "incident-link" }, t("emergency.details"));
    const head = h("div", { class: "incident-head" }, sign, warning, h("div", null, title, place));
    const foot = h("p", { class: "incident-foot" }, who, link);
    const box = h("div", { class: "incident" }, head, value, scale, standing, next, times, foot);
    return { box, sign, warning, title, standing, place, value, scale, next, started, age, state, who, link };
  }

  function buildCalm() {
    const title = h("h3");
    const why = h("p");
    const last = h("a", { class: "calm-last" });
    const ended = h("p", { class: "calm-ended" });
    return { box: h("div", { class: "calm" }, title, why, last, ended), title, why, last, ended };
  }

  function build(body) {
    const incident = buildIncident();
    const calm = buildCalm();
    const counts = h("p", { class: "incident-counts" });
    const others = h("div", { class: "incident-others" });
    onChildren(others, "click", (row) => emergency.pick(row.onescreenIncident));
    const none = h("p", { class: "none" }, t("emergency.no_others"));
    const back = h("button", { class: "incident-back", type: "button" }, t("emergency.back"));
    back.addEventListener("click", () => onescreen.choice.set({ alarm: null, warning: null }));
    const part = h("p", { class: "emergency-part" }, h("b", null, t("emergency.others")), counts, back);
    body.append(incident.box, calm.box, part, others, none);
    return { incident, calm, counts, others, none, back };
  }

  function placeParts(incident) {
    if (incident.kind === "warning") return [...(incident.areas ?? []).slice(0, 4), incident.areas?.length ? "" : t("warnings.district")];
    const street = incident.street && named(incident.street, incident.street_en);
    const where = incident.address?.startsWith(incident.street) ? incident.address.slice(incident.street.length) : incident.address;
    const unplaced = isUnknown(incident.lon) ? t("emergency.no_place") : "";
    return [street, where, incident.count > 1 && t("emergency.merged", { n: count(incident.count) }), unplaced];
  }

  /** A bar from nothing to beyond the worst limit, with a tick at each limit: how bad, at one look. */
  function showScale(box, incident) {
    const { value, limits = [], unit } = incident;
    const isShown = !isUnknown(value) && limits.length > 0 && limits.every(([, , above]) => above);
    set(box, { hidden: !isShown });
    if (!isShown) return;
    const most = Math.max(value, ...limits.map(([, limit]) => limit)) * 1.15;
    const [track, marks] = box.children;
    track.firstChild.style.width = `${Math.max(0, Math.min(100, (value / most) * 100))}%`;
    set(track.firstChild, { "data-level": incident.priority });
    rows(marks, limits, ([level]) => level, () => h("i", null, h("span")), (mark, [level, limit]) => {
      mark.style.left = `${(limit / most) * 100}%`;
      set(mark, { "data-level": level });
      say(mark.firstChild, measured(limit));
    });
    const told = limits.map(([level, limit]) => t("emergency.level", { level, limit: measured(limit, unit) }));
    set(box, { "aria-label": [measured(value, unit), ...told].join(" · ") });
  }

  function stateText(incident) {
    if (incident.ended_at) return t("emergency.ended");
    if (incident.kind === "warning") return isUnknown(incident.expires_at) ? "" : t("emergency.until", { at: clock(incident.expires_at) });
    if (!incident.acknowledged_at) return t("emergency.unacknowledged");
    const at = clock(incident.acknowledged_at);
    return incident.acknowledged_by ? t("emergency.acknowledged", { who: incident.acknowledged_by, at }) : t("emergency.acknowledged_at", { at });
  }

  const EXPOSED = ["streets", "grids", "underpasses", "schools", "hospitals", "cameras"];

  /** Nobody can say where a value goes that nobody reads. */
  const isRead = ({ state }) => state === "live";

  function nextText(incident) {
    if (incident.kind === "warning") {
      const { exposure } = incident;
      return exposure ? EXPOSED.filter((key) => exposure[key]).map((key) => t(`exposure.${key}`, { n: count(exposure[key]) })).join(" · ") : "";
    }
    if (!incident.reaches || !isRead(incident)) return "";
    return t(incident.reaches.is_back ? "emergency.falls" : "emergency.reaches", { at: onescreen.tools.minuteOf(incident.reaches.at), limit: measured(incident.reaches.limit, incident.unit) });
  }

  function showIncident(parts, incident) {
    const isWarning = incident.kind === "warning";
    set(parts.box, { "data-priority": incident.priority, "data-ended": Boolean(incident.ended_at) });
    set(parts.sign, { style: isWarning ? "display:none" : null });
    showPriority(parts.sign, incident.priority, Boolean(incident.acknowledged_at));
    set(parts.warning, { hidden: !isWarning });
    if (isWarning) showWarningSign(parts.warning, incident.event, incident.level, incident.level_text);
    say(parts.title, isWarning ? emergency.title(incident) : named(incident.name, incident.name_en));
    sayParts(parts.place, placeParts(incident));
    const [value, limit, over] = parts.value.children;
    set(parts.value, { hidden: isWarning || isUnknown(incident.value) });
    say(value, measured(incident.value, incident.unit));
    const limitText = isUnknown(incident.limit) ? "" : t("emergency.limit", { limit: measured(incident.limit, incident.unit) });
    say(limit, [limitText, isRead(incident) ? emergency.rate(incident.rate_per_h) : ""].filter(Boolean).join(" · "));
    say(over, emergency.over(incident));
    showScale(parts.scale, incident);
    showAlarmStanding(parts.standing, isWarning ? {} : incident);
    set(parts.value, { "data-standing": isWarning || isRead(incident) ? null : incident.state });
    say(parts.next, nextText(incident));
    say(parts.started, t(isWarning ? "emergency.sent" : "emergency.started", { at: clock(incident.started_at) }));
    set(parts.age, { hidden: Boolean(incident.ended_at) });
    if (!incident.ended_at) since(parts.age, "duration", incident.started_at, "emergency.lasts");
    say(parts.state, stateText(incident));
    set(parts.state, { "data-new": !isWarning && !incident.acknowledged_at && !incident.ended_at });
    say(parts.who, incident.department ? t("emergency.answers", { department: named(incident.department, incident.department_en) }) : "");
    const address = emergency.address(incident);
    set(parts.link, { href: address, "data-open": address });
  }

  function showCalm(parts, { is_known: isKnown, last }) {
    say(parts.title, t(isKnown ? "emergency.calm" : "emergency.unknown"));
    say(parts.why, isKnown ? t("emergency.calm_why") : "");
    set(parts.last, { hidden: !isKnown });
    say(parts.last, last ? t("emergency.last", { name: emergency.title(last) }) : t("emergency.no_last"));
    const address = last ? emergency.address(last) : null;
    set(parts.last, { href: address, "data-open": address });
    if (!last) return say(parts.ended, "");
    const lasted = duration((last.ended_at - last.started_at) / 1000);
    return say(parts.ended, t("emergency.last_ended", { age: duration((onescreen.tools.now() - last.ended_at) / 1000), lasted }));
  }

  const makeOther = () => h("button", { class: "incident-other", type: "button" }, prioritySign(), h("span"), h("b"));

  function fillOther(row, other) {
    row.onescreenIncident = other;
    showPriority(row.firstChild, other.priority, Boolean(other.acknowledged_at));
    const title = emergency.title(other);
    say(row.children[1], title);
    set(row, { title, "data-standing": other.state && other.state !== "live" ? other.state : null });
    since(row.lastChild, "age", other.started_at);
  }

  function showCounts(box, counts) {
    rows(box, counts ?? [], ([priority]) => priority, () => h("span", { class: "incident-count" }, prioritySign(), h("b")), (item, [priority, all, fresh]) => {
      showPriority(item.firstChild, priority, fresh === 0);
      say(item.lastChild, count(all));
      set(item, { "aria-label": t("emergency.counts_aria", { priority, n: all, new: fresh }), title: t("emergency.counts_aria", { priority, n: all, new: fresh }) });
    });
  }

  onescreen.definePanel("emergency-head", (body, values, _, section) => {
    const { incident, calm, counts, others, none, back } = once(body, build);
    set(incident.box, { hidden: !values.incident });
    set(calm.box, { hidden: Boolean(values.incident) });
    if (values.incident) showIncident(incident, values.incident);
    else showCalm(calm, values);
    showCounts(counts, values.counts);
    const room = Math.max(1, Math.floor(others.clientHeight / (2.2 * parseFloat(getComputedStyle(document.documentElement).fontSize))));
    rows(others, values.others.slice(0, room), ({ id }) => id, makeOther, fillOther);
    set(none, { hidden: values.others.length > 0 || !values.is_known });
    set(back, { hidden: !emergency.isChosen() });
    set(section, { "data-burning": Boolean(values.incident) });
  });
})();
