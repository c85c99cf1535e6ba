// Shapes on the map and in the address: `shape=circle:lon,lat,m` or `shape=polygon:lon,lat;lon,lat;…` (WGS-84).
(() => {
  "use strict";
  const onescreen = window.onescreen;
  const EARTH_M = 6371008.8;
  const DIGITS = 5; // about a metre
  const LEAST_M = 10;
  const MOST_M = 100000;

  const radians = (degrees) => (degrees * Math.PI) / 180;

  /** Metres on the ground between two [lon, lat]. */
  onescreen.metresBetween = ([lon1, lat1], [lon2, lat2]) => {
    const north = Math.sin(radians(lat2 - lat1) / 2) ** 2;
    const east = Math.sin(radians(lon2 - lon1) / 2) ** 2 * Math.cos(radians(lat1)) * Math.cos(radians(lat2));
    return 2 * EARTH_M * Math.asin(Math.sqrt(north + east));
  };

  /** The ground of a polygon of [lon, lat] in square metres; flat, which a district is. */
  onescreen.groundOf = (corners) => {
    const scale = Math.cos(radians(corners[0][1]));
    const flat = corners.map(([lon, lat]) => [radians(lon) * EARTH_M * scale, radians(lat) * EARTH_M]);
    const twice = flat.reduce((sum, [x, y], i) => {
      const [nextX, nextY] = flat[(i + 1) % flat.length];
      return sum + x * nextY - nextX * y;
    }, 0);
    return Math.abs(twice) / 2;
  };

  const short = (number) => String(Number(number.toFixed(DIGITS)));
  const pair = ([lon, lat]) => `${short(lon)},${short(lat)}`;

  /** A shape as the address and the API write it: {key: "circle"|"polygon", text}. */
  onescreen.writeShape = (shape) =>
    shape.key === "circle"
      ? `${pair(shape.centre)},${Math.round(Math.min(MOST_M, Math.max(LEAST_M, shape.radius)))}`
      : shape.corners.map(pair).join(";");

  /** `circle:…` or `polygon:…` as a shape; null for anything else. */
  onescreen.readShape = (text) => {
    const [key, rest] = [text.slice(0, text.indexOf(":")), text.slice(text.indexOf(":") + 1)];
    const corners = rest.split(";").map((part) => part.split(",").map(Number));
    if (corners.flat().some((number) => !Number.isFinite(number))) return null;
    if (key === "circle" && corners.length === 1 && corners[0].length === 3) {
      const [lon, lat, radius] = corners[0];
      return radius > 0 ? { key, centre: [lon, lat], radius } : null;
    }
    return key === "polygon" && corners.length >= 3 && corners.every((corner) => corner.length === 2) ? { key, corners } : null;
  };
})();
