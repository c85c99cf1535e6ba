// What a number means: definition, how it is made, how old it is, and the records behind it. For every `data-kpi` and
// `data-explain`, on hover, focus and long press. `data-explain-rows="cases?area=…"` names the records of other figures.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, say, set, count, percent, duration, clock, isUnknown, t } = onescreen.tools;
  const REST_MS = 450;
  const FOCUS_MS = 350;
  const LEAVE_MS = 280; // time to move the pointer into the box
  const PRESS_MS = 550;
  const SAMPLE = 3;
  const EDGE_PX = 8;
  const NUMBERS = onescreen.settings.numbers ?? {};
  const FORMATS = { share: (value) => `${percent(value)}%`, s: duration, count };

  const title = h("b", { class: "explain-name" });
  const value = h("span", { class: "explain-value" });
  const definition = h("p", { class: "explain-text" });
  const formula = h("p", { class: "explain-text explain-formula" });
  const age = h("p", { class: "explain-age" });
  const rows = h("ul", { class: "explain-rows" });
  const all = h("button", { type: "button", class: "explain-all" });
  const box = h(
    "div",
    { class: "explain", role: "dialog", hidden: true, id: "explain" },
    h("div", { class: "explain-head" }, title, value), definition, formula, age, rows, all,
  );

  let about = null; // the element that is explained
  let list = ""; // the address of the records behind it
  let timer = 0;
  let turn = 0;

  const keyOf = (element) => element.dataset.explain ?? element.dataset.kpi;
  const textOf = (key, part) => onescreen.text[`number.${key}.${part}`];
  const explains = (key) => Boolean(NUMBERS[key] || onescreen.text[`explain.${key}`]);

  /** The explained element at or around a target; a card with one number in it stands for the number. */
  function explained(target) {
    const near = target?.closest?.("[data-kpi], [data-explain]");
    const within = near ?? target?.closest?.("[data-hint]")?.querySelector("[data-kpi]");
    return within && explains(keyOf(within)) ? within : null;
  }

  /** Whether the plain hint may keep silent about an element. */
  onescreen.isExplained = (target) => explained(target) !== null;

  function place(element) {
    const around = (element.closest("[data-hint]") ?? element).getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = box;
    const isBelow = around.bottom + EDGE_PX + height < innerHeight;
    const top = isBelow ? around.bottom + EDGE_PX : Math.max(EDGE_PX, around.top - EDGE_PX - height);
    const left = Math.min(Math.max(EDGE_PX, around.left), innerWidth - width - EDGE_PX);
    box.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }

  function show(element) {
    if (!element.isConnected) return;
    about = element;
    fill(element, keyOf(element));
    set(box, { hidden: false, "aria-label": title.textContent });
    place(element);
  }

  function hide() {
    clearTimeout(timer);
    turn++;
    about = null;
    set(box, { hidden: true });
  }

  function fill(element, key) {
    const number = NUMBERS[key];
    say(title, number ? t(`number.${key}`) : (element.dataset.explainName ?? ""));
    say(value, number ? valueOf(element, number) : element.dataset.explainValue ?? "");
    say(definition, number ? textOf(key, "definition") : onescreen.text[`explain.${key}`]);
    const made = textOf(key, "formula");
    say(formula, made ? `${t("explain.formula")}：${made}`.replace("：", onescreen.language === "zh" ? "：" : ": ") : "");
    const section = element.closest("[data-panel]")?.dataset.panel;
    const held = onescreen.heldPanel(number ? "kpi" : (section ?? "kpi"));
    say(age, held?.as_of ? t("explain.as_of", { at: clock(held.as_of) }) : "");
    list = element.dataset.explainRows ?? (number?.collection ? `${number.collection}?number=${key}` : "");
    fillRows(number?.among ? `${number.collection}?number=${number.among}` : "", element.dataset.explainRows);
  }

  function valueOf(element, { unit }) {
    const text = element.dataset.value;
    if (text === undefined) return "";
    const plain = text === "" ? null : Number(text);
    return isUnknown(plain) ? onescreen.tools.UNKNOWN : (FORMATS[unit] ?? count)(plain);
  }

  async function fillRows(among) {
    const mine = ++turn;
    rows.replaceChildren();
    set(all, { hidden: true });
    if (!list) return rows.replaceChildren(h("li", { class: "explain-note" }, t("explain.no_rows")));
    rows.replaceChildren(h("li", { class: "explain-note" }, t("explain.loading")));
    const [found, whole] = await Promise.all([onescreen.fetchRows(list, { limit: SAMPLE }), among ? onescreen.fetchRows(among, { limit: 1 }) : null]);
    if (mine !== turn) return; // something else is explained by now
    rows.replaceChildren(...(found ? sample(found, whole) : [h("li", { class: "explain-note" }, t("explain.failed"))]));
    set(all, { hidden: !found?.total });
    say(all, found ? t("explain.all", { n: count(found.total) }) : "");
    if (about) place(about);
  }

  function sample(found, whole) {
    const heading = whole ? t("explain.of", { n: count(found.total), total: count(whole.total) }) : t("explain.rows");
    const note = h("li", { class: "explain-note" }, found.total ? heading : t("explain.none"));
    return [note, ...found.rows.map((row) => h("li", null, h("a", { href: row.href, "data-open": row.href }, onescreen.rowWords(row))))];
  }

  function wait(element, pause) {
    clearTimeout(timer);
    timer = setTimeout(() => show(element), pause);
  }

  function onPoint(event) {
    if (event.pointerType === "touch" || box.contains(event.target)) return clearTimeout(timer);
    const element = explained(event.target);
    if (element && element === about) return clearTimeout(timer);
    if (element) return wait(element, REST_MS);
    clearTimeout(timer);
    if (about) timer = setTimeout(hide, LEAVE_MS);
  }

  function onFocus(event) {
    if (box.contains(event.target)) return;
    const element = explained(event.target);
    if (element && event.target.matches(":focus-visible")) wait(element, FOCUS_MS);
    else if (about) hide();
  }

  function onKey(event) {
    if (event.key === "Escape" && about) {
      event.stopPropagation();
      event.preventDefault();
      const back = box.contains(document.activeElement) ? about.closest("[tabindex], a, button") : null;
      hide();
      back?.focus();
    } else if (event.key === "ArrowDown" && about && !box.contains(event.target) && explained(event.target) === about) {
      event.preventDefault(); // into the box: what is pressed with Enter there leads to the records
      (all.hidden ? box.querySelector("a") : all)?.focus();
    }
  }

  function onPress(event) {
    if (event.pointerType !== "touch") return;
    const element = explained(event.target);
    if (element) wait(element, PRESS_MS);
    else if (!box.contains(event.target)) hide();
  }

  all.addEventListener("click", () => {
    const address = list;
    hide();
    onescreen.showRows(address);
  });
  document.body.append(box);
  document.addEventListener("pointerover", onPoint);
  document.addEventListener("pointerdown", onPress);
  document.addEventListener("pointerup", (event) => event.pointerType === "touch" && clearTimeout(timer));
  document.addEventListener("pointercancel", () => clearTimeout(timer));
  document.addEventListener("contextmenu", (event) => about && explained(event.target) && event.preventDefault());
  document.addEventListener("focusin", onFocus);
  document.addEventListener("keydown", onKey, true);
  onescreen.on("address", hide);
})();
