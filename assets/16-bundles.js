// Scripts and styles that the page's start does without: one bundle per scene, one for everything "later".
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const addresses = () => onescreen.settings?.bundles ?? {};
  const loading = new Map(); // name → promise

  function put(name, attributes, address) {
    return new Promise((resolve, reject) => {
      const element = Object.assign(document.createElement(name), attributes);
      element.onload = resolve;
      element.onerror = () => reject(new Error(`${address} did not load`));
      document.head.append(element);
    });
  }

  async function fetchBundle(name) {
    const { js, css } = addresses()[name] ?? {};
    const style = css ? put("link", { rel: "stylesheet", href: css }, css) : null;
    const script = js ? put("script", { src: js }, js) : null;
    await Promise.all([style, script]);
  }

  /** Loads a bundle once; a failure is forgotten, so that the next call tries again. */
  onescreen.loadBundle = (name) => {
    if (!loading.has(name)) {
      const promise = fetchBundle(name);
      loading.set(name, promise);
      promise.catch(() => loading.delete(name));
    }
    return loading.get(name);
  };

  const RETRY_MS = 15000;
  const IDLE_MS = 3000;

  function later() {
    onescreen.loadBundle("later").catch((error) => {
      console.warn(String(error));
      setTimeout(later, RETRY_MS);
    });
  }

  /** Runs `work` when the browser has nothing better to do. */
  onescreen.whenIdle = (work) => (window.requestIdleCallback ?? setTimeout)(work, { timeout: IDLE_MS });

  /** Runs `work` once the first picture is live. */
  onescreen.whenLive = (work) => {
    const root = document.documentElement;
    const isLive = () => root.dataset.feed === "live";
    if (isLive()) return work();
    const observer = new MutationObserver(() => {
      if (!isLive()) return;
      observer.disconnect();
      work();
    });
    observer.observe(root, { attributeFilter: ["data-feed"] });
  };

  onescreen.whenLive(() => onescreen.whenIdle(later));
})();
