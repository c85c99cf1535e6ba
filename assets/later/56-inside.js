// What lies inside the shape of the address: counts by kind, the first few, every list and file.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, say, set, count, measured, t } = onescreen.tools;
  const AGAIN_MS = 15000;
  const NAMES = { cases: "draw.open_cases", alarms: "draw.active_alarms" };

  const size = h("span", { class: "inside-size" });
  const clear = h("button", { type: "button", class: "rows-close", "aria-label": t("draw.clear"), title: t("draw.clear") }, "×");
  const groups = h("div", { class: "inside-groups" });
  const note = h("p", { class: "rows-note", role: "status" });
  const panel = h(
    "section",
    { class: "inside", "aria-label": t("draw.inside"), hidden: true },
    h("div", { class: "rows-head" }, h("h2", null, t("draw.inside")), size, clear), groups, note,
  );
  let shape = null;
  let timer = 0;

  const query = () => `${shape.key}=${encodeURIComponent(onescreen.writeShape(shape))}`;

  function sizeOf() {
    if (shape.key === "circle") return t("draw.radius", { m: measured(Math.round(shape.radius), "m") });
    return t("draw.area", { km2: (onescreen.groundOf(shape.corners) / 1e6).toFixed(2) });
  }

  async function load() {
    clearTimeout(timer);
    if (!shape || document.hidden) return (timer = setTimeout(load, AGAIN_MS));
    const mine = shape;
    const answer = await ask();
    if (mine !== shape) return;
    timer = setTimeout(load, AGAIN_MS);
    say(note, answer ? (answer.groups.some(({ total }) => total) ? "" : t("draw.nothing")) : t("rows.failed"));
    if (answer) groups.replaceChildren(...answer.groups.filter(({ total }) => total).map(makeGroup));
  }

  async function ask() {
    try {
      const response = await fetch(`/api/within?${query()}&lang=${onescreen.language}`);
      return response.ok ? await response.json() : null;
    } catch {
      return null;
    }
  }

  function makeGroup({ collection, number, total, rows }) {
    const address = `${collection}?${number ? `number=${number}&` : ""}${shape.key}=${onescreen.writeShape(shape)}`;
    const all = h("button", { type: "button", class: "inside-all" }, t(NAMES[collection] ?? `collection.${collection}`), " ", h("b", null, count(total)));
    all.addEventListener("click", () => onescreen.showRows(address));
    const some = rows.slice(0, 3).map((row) => h("li", null, h("a", { href: row.href, "data-open": row.href }, onescreen.rowWords(row))));
    return h("div", { class: "inside-group", "data-collection": collection }, all, h("ul", null, ...some));
  }

  function settle(next) {
    const isSame = JSON.stringify(next) === JSON.stringify(shape);
    const isCovered = Boolean(onescreen.openAddress());
    set(panel, { hidden: !next || isCovered });
    if (isSame) return;
    shape = next;
    clearTimeout(timer);
    groups.replaceChildren();
    if (!shape) return;
    say(size, sizeOf());
    say(note, t("explain.loading"));
    load();
  }

  clear.addEventListener("click", () => onescreen.draw.clear());
  document.body.append(panel);
  onescreen.on("shape", settle);
  const text = new URLSearchParams(location.search).get("shape");
  settle(text ? onescreen.readShape(text) : null);
})();
