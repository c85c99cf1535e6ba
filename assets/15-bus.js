// A tiny bus between the scripts of the page: who listens need not be there yet when something happens.
(function () {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen || {});
  const listeners = new Map();

  /** Listens to `name`; returns the function that stops listening. */
  onescreen.on = function (name, listener) {
    if (!listeners.has(name)) listeners.set(name, new Set());
    listeners.get(name).add(listener);
    return () => listeners.get(name).delete(listener);
  };

  onescreen.emit = (name, value) => (listeners.get(name) || []).forEach((listener) => listener(value));
})();
