// Motion JPEG: read by us and painted picture by picture, because an image element would neither tell when its pictures
// stop coming nor let go of its connection.
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const { h } = onescreen.tools;
  const HEAD_END = [13, 10, 13, 10];
  const MOST_BYTES = 16_000_000;
  const decoder = new TextDecoder();

  function headEnd(bytes) {
    for (let at = bytes.indexOf(13); at >= 0 && at + 3 < bytes.length; at = bytes.indexOf(13, at + 1)) {
      if (HEAD_END.every((byte, i) => bytes[at + i] === byte)) return at + 4;
    }
    return -1;
  }

  function joined(a, b) {
    const both = new Uint8Array(a.length + b.length);
    both.set(a);
    both.set(b, a.length);
    return both;
  }

  /** Cuts what comes into pictures: `feed(bytes)` → those that are whole. Every part says its length. */
  onescreen.createPartReader = () => {
    let rest = new Uint8Array(0);
    return (bytes) => {
      rest = joined(rest, bytes);
      const pictures = [];
      for (;;) {
        const begin = headEnd(rest);
        if (begin < 0) break;
        const size = Number(/content-length:\s*(\d+)/i.exec(decoder.decode(rest.subarray(0, begin)))?.[1] ?? NaN);
        if (!(size <= MOST_BYTES)) throw new Error("not a stream of pictures");
        if (rest.length < begin + size) break;
        pictures.push(rest.slice(begin, begin + size));
        rest = rest.slice(begin + size);
      }
      return pictures;
    };
  };

  onescreen.livePlayers.mjpeg = async (address, fail) => {
    const controller = new AbortController();
    const response = await fetch(address, { signal: controller.signal, cache: "no-store" });
    if (!response.ok) throw new Error(String(response.status));
    const element = h("canvas", { class: "live-video", "aria-hidden": "true" });
    const context = element.getContext("bitmaprenderer");
    const reader = response.body.getReader();
    const read = onescreen.createPartReader();
    let count = 0;
    let isClosed = false;

    async function run() {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return fail("ended");
        const newest = read(value).at(-1); // what came while the last one was painted is passed over
        if (!newest) continue;
        const bitmap = await createImageBitmap(new Blob([newest], { type: "image/jpeg" }));
        if (isClosed) return bitmap.close();
        if (element.width !== bitmap.width) Object.assign(element, { width: bitmap.width, height: bitmap.height });
        context.transferFromImageBitmap(bitmap);
        count += 1;
      }
    }

    run().catch((error) => !isClosed && fail(String(error.message)));
    return {
      element,
      position: () => count,
      arrived: () => count,
      close() {
        isClosed = true;
        controller.abort();
        context.transferFromImageBitmap(null);
        element.remove();
      },
    };
  };
})();
