// The figure: SVG in a tree of its own, so that its rules are its own. A click on a box leads to its line.
import { element, byId, setText } from "./words.js";
import { lineOf } from "./table.js";

const box = () => byId("figure");
let svg = "";

export const figureText = () => svg;

export function startFigure(styles, again, go) {
  byId("style").replaceChildren(...styles.map((style) => element("option", {}, style)));
  byId("style").addEventListener("change", again);
  box().attachShadow({ mode: "open" }).addEventListener("click", (event) => {
    const layer = event.target.closest?.("[data-layer]")?.dataset.layer;
    const line = layer === undefined ? null : lineOf(layer);
    if (line !== null) go(line);
  });
}

export const figureRequest = (line) => ({ ask: "figure", style: byId("style").value, line });
export const isOfLine = () => byId("style").value === "layer";

export function showFigure(answer) {
  setText(byId("figure-note"), answer.error ?? answer.note);
  if (answer.error || answer.svg === svg) return;
  svg = answer.svg;
  const read = new DOMParser().parseFromString(svg || "<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml");
  if (read.querySelector("parsererror")) {
    setText(byId("figure-note"), "a name has characters that SVG cannot have");
    box().shadowRoot.replaceChildren();
    return;
  }
  const drawn = document.importNode(read.documentElement, true);
  const width = drawn.getAttribute("width");
  const wide = `max(min(100%, ${width}px), ${0.6 * width}px)`;  // as wide as there is room, but legible
  drawn.style.cssText = `display: block; height: auto; margin: 0 auto; width: ${wide}`;
  drawn.querySelectorAll("[data-layer]").forEach((one) => { one.style.cursor = "pointer"; });
  box().shadowRoot.replaceChildren(...(svg ? [drawn] : []));
}
