// Outages: what went together and what it has in common. The parts add up to all that is offline.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h, bar, showBar, say, sayParts, set, once, rows, onChildren, fitting, since, clock, count, isUnknown, named, t, UNKNOWN } = onescreen.tools;
  const ROW_REM = 3.1;
  const CHOICES = { hub: "hub", street: "area", source: "source", department: "department", platform: "source" };

  function make() {
    return h(
      "button",
      { class: "outage", type: "button" },
      h("span", { class: "outage-facts" }, h("b"), h("span")),
      h("span", { class: "outage-count" }, h("b"), bar()),
      h("span", { class: "outage-since" }),
    );
  }

  /** What is offline there; of a dead platform nothing is known, so all its cameras. */
  const choiceOf = ({ cause, value }) => ({
    [CHOICES[cause]]: value,
    ...(cause === "platform" || cause === "hub" ? {} : { state: "offline" }),
  });

  function fill(row, outage) {
    const [facts, counts, lasting] = row.children;
    const { cause, street, street_en: streetEn, lost, of } = outage;
    row.onescreenOutage = outage;
    const name = named(outage.name, outage.name_en);
    const isHub = cause === "hub"; // its name is a code: the street says more
    const title = t(`video.outages.${cause}`, { name: isHub && street ? named(street, streetEn) : name });
    say(facts.firstChild, title);
    sayParts(facts.lastChild, [when(outage), isHub ? name : ""]);
    say(counts.firstChild, t(cause === "platform" ? "video.outages.unknown" : "video.outages.lost", { lost: count(lost), of: count(of) }));
    showBar(counts.lastChild, of ? lost / of : 0, 0);
    set(row, { "data-cause": cause, title: isHub ? `${title} ${name}` : title });
    since(lasting, "age", outage.first_at);
  }

  function when({ cause, first_at: from, last_at: to }) {
    if (cause === "platform") return isUnknown(from) ? "" : t("video.outages.since", { from: clock(from) });
    const [first, last] = [clock(from), clock(to)];
    return first === last ? t("video.outages.at", { from: first }) : t("video.outages.when", { from: first, to: last });
  }

  function build(body) {
    const list = h("div", { class: "outage-list" });
    onChildren(list, "click", (row) => onescreen.videoChoose(choiceOf(row.onescreenOutage), true));
    const none = h("p", { class: "none" }, t("video.outages.none"));
    const more = h("p", { class: "more" });
    const sum = h("p", { class: "outage-sum", "data-explain": "video_outage", tabindex: 0 });
    body.append(list, none, more, sum);
    return { list, none, more, sum };
  }

  onescreen.definePanel("video-outages", (body, values, _, section) => {
    const { list, none, more, sum } = once(body, build);
    const all = values.rows ?? [];
    const shown = all.slice(0, fitting(list, ROW_REM, all.length));
    rows(list, shown, (outage) => outage.key, make, fill);
    set(none, { hidden: all.length > 0 || isUnknown(values.offline) });
    say(more, all.length > shown.length ? t("video.outages.more", { n: all.length - shown.length }) : "");
    const { offline, together, scattered, long_ago: longAgo, unknown } = values;
    const parts = { offline: count(offline), together: count(together), scattered: count(scattered), long_ago: count(longAgo) };
    const told = t("video.outages.sum", parts) + (unknown ? t("video.outages.also_unknown", { n: count(unknown) }) : "");
    say(sum, isUnknown(offline) ? UNKNOWN : told);
    say(section.querySelector(".panel-note"), "");
  });
})();
