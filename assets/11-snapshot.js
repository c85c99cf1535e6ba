// Reads the wire format of docs/contracts.md: the binary snapshot and the mark changes of a frame.
(function () {
  "use strict";
  const onescreen = (window.onescreen = window.onescreen || {});
  const ARRAYS = { u32: Uint32Array, f32: Float32Array, u16: Uint16Array, u8: Uint8Array };
  const HAS_POSITION = 0x80;
  const CATEGORY = 0x7f;

  function base64ToBytes(text) {
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
    return bytes;
  }

  function reader(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    return {
      done: () => at >= bytes.length,
      u8: () => bytes[at++],
      f32() {
        at += 4;
        return view.getFloat32(at - 4, true);
      },
      /** LEB128; numbers stay below 2^53 although bit operations do not. */
      varint() {
        let value = 0;
        let factor = 1;
        for (;;) {
          if (at >= bytes.length) throw new RangeError("a varint ends in the middle");
          const byte = bytes[at++];
          value += (byte & 0x7f) * factor;
          if (byte < 0x80) return value;
          factor *= 128;
        }
      },
    };
  }

  /** A column as a typed array over the body; copied only when its offset is not aligned. */
  function column(buffer, start, type, count) {
    const Type = ARRAYS[type];
    if (!Type) throw new TypeError("unknown column type " + type);
    if (start % Type.BYTES_PER_ELEMENT === 0) return new Type(buffer, start, count);
    return new Type(buffer.slice(start, start + count * Type.BYTES_PER_ELEMENT));
  }

  /** ArrayBuffer of /api/snapshot → {header, marks: {kind: {count, number, lon, lat, state, category}}}. */
  onescreen.decodeSnapshot = function (buffer) {
    const length = new DataView(buffer).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
    const marks = {};
    for (const table of header.marks) {
      const columns = { count: table.count };
      for (const { name, type, offset } of table.columns) {
        columns[name] = column(buffer, 4 + length + offset, type, table.count);
      }
      marks[table.kind] = columns;
    }
    return { header, marks };
  };

  /** base64 of removed numbers → ascending array. */
  onescreen.decodeRemoved = function (text) {
    const input = reader(base64ToBytes(text));
    const numbers = [];
    let number = 0;
    while (!input.done()) numbers.push((number += input.varint()));
    return numbers;
  };

  /** base64 of changed marks → ascending [{number, state, category, lon, lat}]; lon is undefined where it did not move. */
  onescreen.decodePut = function (text) {
    const input = reader(base64ToBytes(text));
    const puts = [];
    let number = 0;
    while (!input.done()) {
      number += input.varint();
      const put = { number, state: input.u8(), category: input.u8(), lon: undefined, lat: undefined };
      if (put.category & HAS_POSITION) {
        put.category &= CATEGORY;
        put.lon = input.f32();
        put.lat = input.f32();
      }
      puts.push(put);
    }
    return puts;
  };
})();
