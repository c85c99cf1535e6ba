// A picture as plain pixels: signs are copied in by our own loop, which is many times faster than 28,000 calls to a
// canvas, costs the same with and without a graphics card, and lets one small rectangle be drawn anew.
(function () {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen || {});

  /** Source over destination, both unpremultiplied RGBA words (little-endian, as every browser's machine is). */
  function over(below, above) {
    const alpha = above >>> 24;
    if (alpha === 255 || below >>> 24 === 0) return above;
    const rest = ((below >>> 24) * (255 - alpha)) / 255;
    const sum = alpha + rest;
    const red = ((above & 255) * alpha + (below & 255) * rest) / sum;
    const green = (((above >>> 8) & 255) * alpha + ((below >>> 8) & 255) * rest) / sum;
    const blue = (((above >>> 16) & 255) * alpha + ((below >>> 16) & 255) * rest) / sum;
    return ((sum << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  }

  /** `width` × `height` device pixels, transparent. */
  onescreen.createPixels = function (width, height) {
    const image = new ImageData(width, height);
    const words = new Uint32Array(image.data.buffer);

    /** Copies a sign centred at x, y, cut at the rectangle [left, top, right, bottom). */
    function blit(sign, x, y, left, top, right, bottom) {
      const { side, pixels } = sign;
      const x0 = Math.round(x - sign.half);
      const y0 = Math.round(y - sign.half);
      const fromX = x0 < left ? left - x0 : 0;
      const fromY = y0 < top ? top - y0 : 0;
      const toX = x0 + side > right ? right - x0 : side;
      const toY = y0 + side > bottom ? bottom - y0 : side;
      for (let row = fromY; row < toY; row++) {
        let source = row * side + fromX;
        let target = (y0 + row) * width + x0 + fromX;
        for (let column = fromX; column < toX; column++, source++, target++) {
          const above = pixels[source];
          if (above >>> 24) words[target] = over(words[target], above);
        }
      }
    }

    function clear(left, top, right, bottom) {
      for (let row = top; row < bottom; row++) words.fill(0, row * width + left, row * width + right);
    }

    return { width, height, image, blit, clear, clearAll: () => words.fill(0) };
  };
})();
