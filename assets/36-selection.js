// The ring around what the open side sheet is about. An alarm's address is enough; of other marks the clicked one is known.
(function () {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen || {});
  const root = document.documentElement;

  /** Follows `<html data-open>`; `choose(mark)` says beforehand which mark an address is going to be. */
  onescreen.createSelection = function (marks, highlight) {
    let clicked = null;

    function alarmOf(address) {
      const rows = onescreen.heldPanel?.("alarms")?.values?.rows || [];
      const row = rows.find(({ id }) => address === "/alarm/" + encodeURIComponent(id));
      return row ? marks.get("alarm", row.number) : null;
    }

    function follow() {
      const address = root.dataset.open;
      if (!address) clicked = null;
      const isClicked = clicked && clicked.address === address;
      highlight(address ? (isClicked ? marks.get(clicked.kind, clicked.number) : alarmOf(address)) : null);
    }

    const observer = new MutationObserver(follow);
    observer.observe(root, { attributeFilter: ["data-open"] });
    follow();
    return {
      choose: (mark, address) => (clicked = { ...mark, address }),
      remove: () => observer.disconnect(),
    };
  };
})();
