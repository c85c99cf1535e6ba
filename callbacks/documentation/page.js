/* Shows /api/openapi.json as a page on which every read can be tried. Texts only by textContent. */
(() => {
  "use strict";

  const SHOWN_CHARACTERS = 20000;

  function element(tag, properties = {}, ...children) {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
  }

  function typeOf(schema = {}) {
    const type = schema.type || (schema.anyOf || []).map((part) => part.type).filter((name) => name !== "null").join(" or ");
    return schema.default === undefined || schema.default === "" ? type : `${type}, ${schema.default} if not given`;
  }

  function addressOf(path, inputs) {
    const query = new URLSearchParams();
    let address = path;
    for (const { parameter, input } of inputs) {
      if (parameter.in === "path") address = address.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
      else if (parameter.in === "query" && input.value) query.set(parameter.name, input.value);
    }
    return query.size ? `${address}?${query}` : address;
  }

  async function show(address, output) {
    output.textContent = `GET ${address} …`;
    try {
      const response = await fetch(address);
      const type = response.headers.get("content-type") || "";
      const body = /json|text/.test(type) ? await response.text() : `(${type})`;
      const text = type.includes("json") ? JSON.stringify(JSON.parse(body), null, 2) : body;
      output.textContent = `GET ${address}\n${response.status}\n\n${text.slice(0, SHOWN_CHARACTERS)}`;
    } catch (error) {
      output.textContent = `GET ${address}\n${error.message}`;
    }
  }

  function operation(path, method, description) {
    const inputs = (description.parameters || []).map((parameter) => ({
      parameter,
      input: element("input", { name: parameter.name, ariaLabel: parameter.name }),
    }));
    const rows = inputs.map(({ parameter, input }) => element("tr", {},
      element("td", {}, element("code", { textContent: parameter.name })),
      element("td", { textContent: typeOf(parameter.schema) }),
      element("td", { textContent: parameter.description || "" }),
      element("td", {}, input)));
    const output = element("pre", { hidden: true });
    const button = element("button", { type: "button", textContent: "Try" });
    button.addEventListener("click", () => {
      output.hidden = false;
      show(addressOf(path, inputs), output);
    });
    const isTried = method === "get" && path !== "/api/feed";
    return element("details", {},
      element("summary", {},
        element("span", { className: "method", textContent: method.toUpperCase() }),
        element("code", { textContent: path }), ` ${description.summary || ""}`),
      element("div", { className: "inside" },
        element("p", { textContent: description.description || "" }),
        element("table", {}, element("tbody", {}, ...rows)),
        ...(isTried ? [button, output] : [])));
  }

  async function start() {
    const main = document.getElementById("operations");
    const description = await (await fetch("/api/openapi.json")).json();
    const groups = new Map();
    for (const [path, methods] of Object.entries(description.paths)) {
      for (const [method, one] of Object.entries(methods)) {
        const group = (one.tags || ["other"])[0];
        if (!groups.has(group)) groups.set(group, []);
        groups.get(group).push(operation(path, method, one));
      }
    }
    main.replaceChildren(...[...groups].map(([name, parts]) =>
      element("section", {}, element("h2", { textContent: name }), ...parts)));
  }

  start().catch((error) => {
    document.getElementById("operations").textContent = `The description can't be had: ${error.message}`;
  });
})();
