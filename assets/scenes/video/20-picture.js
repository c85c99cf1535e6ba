// What a tile paints with. Pictures are unpacked beside the main thread and handed over whole, so a tile never goes blank
// while the next one comes and nothing is left to collect. A stream (35-live.js) plays over it.
(() => {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen ?? {});
  const MUCH_LARGER = 1.3; // than its tile: then it is unpacked in the tile's size

  class PictureError extends Error {
    constructor(status, code, lastAt) {
      super(`no picture (${status})`);
      this.status = status;
      this.code = code; // "not_offered": the camera has no still pictures, only a stream
      this.lastAt = lastAt; // epoch ms of the last picture the server had, null if none
    }
  }

  /** Fetches and unpacks the newest picture of a camera: `{bitmap, at}`, `at` being city time in epoch ms. */
  onescreen.loadPicture = async (id, signal, width) => {
    const response = await fetch(`/media/${encodeURIComponent(id)}/snapshot.jpg`, { signal, cache: "no-store" });
    if (!response.ok) {
      const { error: code, last_picture_at: last } = await response.json().catch(() => ({}));
      throw new PictureError(response.status, code, last ? Date.parse(last) : null);
    }
    const at = Date.parse(response.headers.get("x-picture-at") ?? "") || onescreen.tools.now();
    const blob = await response.blob();
    const options = width ? { resizeWidth: width, resizeQuality: "medium" } : {};
    return { bitmap: await createImageBitmap(blob, options), at };
  };

  /** A canvas that shows one bitmap after the other; it owns what it is shown. */
  onescreen.createPicture = () => {
    const element = onescreen.tools.h("canvas", { class: "video-picture", "aria-hidden": "true" });
    const context = element.getContext("bitmaprenderer");
    let source = 0; // width of the pictures as they come, 0 while unknown

    return {
      element,
      show(bitmap) {
        source = Math.max(source, bitmap.width);
        context.transferFromImageBitmap(bitmap);
      },
      clear: () => context.transferFromImageBitmap(null),
      close: () => context.transferFromImageBitmap(null),
      /** In which width to unpack the next one; undefined: as it comes. */
      wantedWidth() {
        const room = Math.ceil(element.clientWidth * Math.min(devicePixelRatio || 1, 2));
        return room && source > MUCH_LARGER * room ? room : undefined;
      },
      forgetSource: () => (source = 0),
    };
  };
})();
