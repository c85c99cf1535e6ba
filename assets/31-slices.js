// Long drawing in short pieces: a generator yields often, and the picture is never held up longer than a slice.
(function () {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen || {});
  /** Runs one generator at a time; starting another one drops the first. */
  onescreen.createSlices = function () {
    let current = null;

    function step(job) {
      if (job !== current) return;
      const until = performance.now() + onescreen.sliceMs();
      let result;
      do result = job.work.next();
      while (!result.done && performance.now() < until);
      if (!result.done) {
        onescreen.beforeNextPicture(() => step(job));
        return;
      }
      current = null;
      job.done();
    }

    return {
      isBusy: () => current !== null,
      start(work, done) {
        current = { work, done };
        step(current);
      },
      stop() {
        current = null;
      },
    };
  };
})();
