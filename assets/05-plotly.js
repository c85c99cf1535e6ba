// Holds Plotly back until the situation is on the screen: reading its 5 MB holds every other script up for as long as
// drawing the whole city takes. `dcc.Graph` waits for whatever stands at `window.Plotly`, so a promise stands there.
(function () {
  "use strict";
  const PATIENCE_MS = 15000; // a wall without data still shows its empty charts

  const load = (resolve, reject) => {
    const script = document.createElement("script");
    script.src = window._dashPlotlyJSURL;
    script.onload = () => resolve(window.Plotly); // the script has put the library in the promise's place
    script.onerror = () => reject(new Error("plotly.js did not load"));
    document.body.appendChild(script);
  };

  const isLive = () => document.documentElement.dataset.feed === "live";

  const shown = new Promise((resolve) => {
    const timer = setTimeout(done, PATIENCE_MS);
    const observer = new MutationObserver(() => isLive() && done());
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-feed"] });
    function done() {
      clearTimeout(timer);
      observer.disconnect();
      // After the picture that shows it.
      requestAnimationFrame(() => setTimeout(resolve, 0));
    }
  });

  window.Plotly = shown.then(() => new Promise(load));
})();
