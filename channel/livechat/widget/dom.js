// Elements, built without HTML.

// el returns an element with the properties, and the attributes whose names
// have a dash or are "role"; children are nodes or text.
export function el(name, props = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(props)) {
    if (key === "role" || key.includes("-")) element.setAttribute(key, value);
    else element[key] = value;
  }
  element.append(...children);
  return element;
}

// icon returns a decorative drawing of 24 by 24 units.
export function icon(path) {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const shape = document.createElementNS(ns, "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

export const shapes = {
  close: "M6 6l12 12M18 6 6 18",
  send: "M5 12h13M12 5.5l6.5 6.5-6.5 6.5",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5",
  spark: "M12 3.5c.7 4.9 2.6 7.1 8 8.5-5.4 1.4-7.3 3.6-8 8.5-.7-4.9-2.6-7.1-8-8.5 5.4-1.4 7.3-3.6 8-8.5z",
  page: "M7 3.5h6.5L18 8v12.5H7zM13.5 3.5V8H18M10 12.5h5M10 16h5",
};
