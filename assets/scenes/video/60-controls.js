// The line above the tiles: what is shown and why, and everything by which a reader can ask for something else.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, set, say, rows, count, named, word, prioritySign, showPriority, alarmTitle, t } = onescreen.tools;
  const LAYOUTS = [1, 4, 9, 16];
  const FILTERS = ["group", "area", "kind", "tag", "department", "source", "hub", "state", "near", "warning", "q"];
  const NOTHING = Object.fromEntries(FILTERS.map((key) => [key, null]));
  const PREFIXES = { kind: "form", tag: "tag" };
  const MOST_CHIPS = 3;

  const nameOf = (key, value, name, nameEn) => {
    if (key === "state") return t(`video.state.${value}`);
    if (PREFIXES[key]) return word(PREFIXES[key], value);
    return name ? named(name, nameEn) : value;
  };

  const names = { group: new Map(), area: new Map(), near: new Map() }; // of what can be chosen, as last told

  function learn(values, options) {
    for (const key of ["group", "area"]) for (const [value, name] of options[key]) names[key].set(value, name);
    for (const alarm of values.burning ?? []) names.near.set(alarm.id, alarmTitle(alarm));
    const { about } = values;
    if (about?.kind === "alarm") names.near.set(about.id, alarmTitle(about));
    for (const [key, value, name, nameEn] of about?.parts ?? []) names[key]?.set(value, nameOf(key, value, name, nameEn));
  }

  /** What the wall is about, in words. */
  onescreen.videoAbout = ({ about, mode }) => {
    if (!about) return t("video.none");
    if (about.kind === "alarm") return t(about.is_over ? "video.near_over" : "video.near", { name: alarmTitle(about) });
    if (about.kind === "point") return t("video.near_point", { lon: about.lon.toFixed(4), lat: about.lat.toFixed(4) });
    if (mode === "warning") return t("video.warned", { name: onescreen.tools.hazardOf(about.name) });
    const parts = (about.parts ?? []).map(([key, ...rest]) => t(`video.part.${key}`, { name: nameOf(key, ...rest) }));
    return parts.join(" · ") || t("video.everything");
  };

  /** Sets filters: those of `changes`, and none of the others when it asks for something of its own. */
  const choose = (changes, isAlone) => onescreen.choice.set({ ...(isAlone ? NOTHING : {}), ...changes });
  onescreen.videoChoose = choose;

  function picker(key) {
    const select = h("select", { class: "video-select", "aria-label": t(`video.${key}`), title: t(`video.${key}`) });
    // these combine with one another, not with a place or a search
    select.addEventListener("change", () =>
      choose({ [key]: select.value || null, near: null, warning: null, hub: null, state: null, q: null }),
    );
    return select;
  }

  function fillPicker(select, key, options, chosen) {
    const wanted = JSON.stringify(options);
    if (select.onescreenOptions !== wanted) {
      select.onescreenOptions = wanted;
      const first = h("option", { value: "" }, t(`video.${key}`));
      select.replaceChildren(first, ...options.map(([value, text]) => h("option", { value }, text)));
    }
    set(select, { hidden: options.length === 0, "data-chosen": Boolean(chosen) });
    if (select.value !== (chosen ?? "")) select.value = chosen ?? "";
  }

  function chip({ id }) {
    const button = h("button", { class: "video-chip", type: "button" }, prioritySign(), h("span"));
    button.addEventListener("click", () => choose({ near: id }, true));
    return button;
  }

  function fillChip(button, alarm, near) {
    const [sign, name] = button.children;
    showPriority(sign, alarm.priority, alarm.is_acknowledged);
    say(name, alarmTitle(alarm));
    set(button, { "aria-pressed": near === alarm.id ? "true" : "false", title: name.textContent });
  }

  const button = (name, label, text, press) => {
    const element = h("button", { class: name, type: "button", "aria-label": t(label), title: t(label) }, text);
    element.addEventListener("click", press);
    return element;
  };

  function layoutButtons(onLayout) {
    const buttons = LAYOUTS.map((layout) => {
      const element = h("button", { class: "video-layout", type: "button", title: t("video.layout", { n: layout }) }, String(layout));
      set(element, { "aria-label": t("video.layout", { n: layout }) });
      element.addEventListener("click", () => onLayout(layout));
      return element;
    });
    return { buttons, element: h("span", { class: "video-layouts", role: "group", "aria-label": t("video.layouts") }, ...buttons) };
  }

  /** Chips that would wrap fall away whole, for the keyboard too. */
  function dropWithoutRoom(chips) {
    for (const chip of chips) set(chip, { hidden: false });
    const wraps = chips.map((chip) => chip.offsetTop > chips[0].offsetTop);
    chips.forEach((chip, place) => set(chip, { hidden: wraps[place] }));
  }

  /** Builds the line; `act` holds turn(step), toggle(), layout(n). `show(values, choice)` and `showRound(state)` fill it. */
  onescreen.createVideoControls = (act) => {
    const about = h("span", { class: "video-about" });
    const total = h("span", { class: "video-total" });
    const automatic = button("video-chip video-automatic", "video.automatic.title", t("video.automatic"), () => choose(NOTHING, true));
    const burning = h("span", { class: "video-burning", role: "group", "aria-label": t("video.burning") });
    const pickers = Object.fromEntries(["group", "area", "kind", "tag"].map((key) => [key, picker(key)]));
    const layouts = layoutButtons(act.layout);
    const page = h("span", { class: "video-page" });
    const previous = button("video-turn", "video.previous", "‹", () => act.turn(-1));
    const next = button("video-turn", "video.next", "›", () => act.turn(1));
    const hold = button("video-turn video-hold", "video.pause", "❚❚", act.toggle);
    const note = h("span", { class: "video-note", role: "status" });
    const pager = h("span", { class: "video-pager" }, note, hold, previous, page, next);
    const chosen = h("div", { class: "video-choosing" }, automatic, burning, ...Object.values(pickers), layouts.element);
    const element = h("div", { class: "video-controls", role: "group", "aria-label": t("video.controls") },
      h("div", { class: "video-telling" }, about, total, pager), chosen);

    const optionsOf = (values) => ({
      group: (values.groups ?? []).map(([key, name, nameEn]) => [key, named(name, nameEn)]),
      area: (values.areas ?? []).map(([code, name, nameEn]) => [code, named(name, nameEn)]),
      kind: (values.kinds ?? []).map((kind) => [kind, word("form", kind)]),
      tag: (values.tags ?? []).map((tag) => [tag, word("tag", tag)]),
    });

    function show(values, choice, size) {
      say(about, onescreen.videoAbout(values));
      set(about, { title: about.textContent });
      const told = [t("video.total", { n: count(values.total) })];
      if (values.left_out) told.push(t("video.left_out", { n: count(values.left_out) }));
      else if (values.offline) told.push(t("video.offline_of", { n: count(values.offline) }));
      say(total, told.join(" · "));
      set(automatic, { "aria-pressed": values.is_automatic ? "true" : "false" });
      rows(burning, (values.burning ?? []).slice(0, MOST_CHIPS), ({ id }) => id, chip, (element, alarm) =>
        fillChip(element, alarm, values.query?.near));
      dropWithoutRoom([...burning.children]);
      const options = optionsOf(values);
      learn(values, options);
      for (const [key, select] of Object.entries(pickers)) fillPicker(select, key, options[key], choice[key]);
      layouts.buttons.forEach((each, place) => set(each, { "aria-pressed": LAYOUTS[place] === size ? "true" : "false" }));
    }

    /** `{page, pages, isTurning, isHeld, heldS, dwellS, problem}` */
    function showRound({ page: at, pages, isTurning, isHeld, heldS, dwellS, problem }) {
      set(pager, { hidden: pages < 2 });
      say(page, t("video.page", { page: at + 1, pages: count(pages) }));
      set(page, { title: isTurning ? t("video.page.title", { page: at + 1, pages, dwell: dwellS }) : null });
      set(hold, { hidden: !isTurning, "aria-pressed": isHeld ? "true" : "false" });
      const label = t(isHeld ? "video.resume" : "video.pause");
      set(hold, { "aria-label": label, title: label });
      say(hold, isHeld ? "▶" : "❚❚");
      const waiting = Number.isFinite(heldS) ? t("video.paused_for", { s: Math.ceil(heldS) }) : t("video.paused");
      say(note, problem ?? (isTurning && isHeld ? waiting : ""));
    }

    return { element, show, showRound };
  };

  // how headings call what was chosen
  const calls = {
    kind: (value) => word("form", value),
    tag: (value) => word("tag", value),
    group: (value) => names.group.get(value) ?? value,
    area: (value) => names.area.get(value) ?? value,
    state: (value) => t(`video.state.${value}`),
    near: (value) => names.near.get(value) ?? t("video.part.near"),
    layout: (value) => t("video.layout", { n: value }),
    hub: (value) => t("video.part.hub", { name: value }),
    q: (value) => t("video.part.q", { name: value }),
    warning: () => t("video.part.warning"),
  };
  for (const [key, name] of Object.entries(calls)) onescreen.choice.call(key, name, "video");
})();
