
"use strict";
// Tables of layers: folds, sorts, opens derivations, and walks through figures with the arrow keys.

class Layers {
  constructor(table) {
    this.table = table;
    this.body = table.tBodies[0];
    this.top = this.read();
    this.lines = [...this.all(this.top)];
    for (const head of table.tHead.rows[0].cells) {
      head.firstChild.addEventListener("click", () => this.sort(head));
    }
    table.addEventListener("click", (event) => this.clicked(event.target));
    table.addEventListener("keydown", (event) => this.pressed(event));
    for (const button of table.closest("section").querySelectorAll("[data-unfold]")) {
      button.addEventListener("click", () => this.unfold(button.dataset.unfold === "1"));
    }
    for (const line of this.lines.filter((one) => "line" in one.row.dataset)) {
      const own = line.why.querySelector("div");
      for (const part of line.parts) own.append(...part.why.querySelector("div").cloneNode(true).children);
    }
    this.unfold(false);
  }

  // The rows as a tree: each with the row of its derivation and the rows inside of it.
  read() {
    const top = [];
    const path = [];
    for (const row of [...this.body.rows]) {
      if (row.className === "why") {
        path.at(-1).why = row;
        continue;
      }
      const level = Number(row.dataset.level);
      path.length = level;
      const line = { row, why: null, parts: [], above: path.at(-1) ?? null, open: false, asked: "" };
      (line.above ? line.above.parts : top).push(line);
      path.push(line);
    }
    return top;
  }

  *all(lines) {
    for (const line of lines) {
      yield line;
      yield* this.all(line.parts);
    }
  }

  unfold(open) {
    for (const line of this.lines) line.open = open;
    this.show();
  }

  show() {
    for (const line of this.lines) {
      line.shown = !line.above || (line.above.shown && line.above.open);
      line.row.hidden = !line.shown;
      line.row.querySelector(".fold")?.setAttribute("aria-expanded", line.open);
      if (line.why) this.explain(line);
    }
    const figures = this.figures();
    if (!figures.some((button) => button.tabIndex === 0)) this.rove(figures[0]);
  }

  explain(line) {
    line.why.hidden = !line.shown || !line.asked;
    for (const item of line.why.querySelectorAll("[data-of]")) {
      item.classList.toggle("asked", item.dataset.of === line.asked);
    }
    for (const button of line.row.querySelectorAll("[data-figure]")) {
      button.setAttribute("aria-expanded", !line.why.hidden && button.dataset.figure === line.asked);
    }
  }

  figures() {
    return [...this.body.querySelectorAll("tr:not([hidden]) > td > [data-figure]")];
  }

  // One figure is reached with Tab, the others from there with the arrow keys.
  rove(button) {
    for (const other of this.body.querySelectorAll("[data-figure]")) other.tabIndex = other === button ? 0 : -1;
  }

  clicked(target) {
    const button = target.closest("button");
    const line = button && this.lines.find((one) => one.row === button.closest("tr"));
    if (!line) return;
    if (button.className === "fold") line.open = !line.open;
    const figure = button.dataset.figure;
    if (figure) {
      line.asked = line.asked === figure ? "" : figure;
      this.rove(button);
    }
    this.show();
  }

  pressed(event) {
    const button = event.target.closest("[data-figure]");
    if (!button) return;
    const figures = this.figures();
    const column = figures.filter((other) => other.dataset.figure === button.dataset.figure);
    const next = {
      ArrowRight: () => figures[figures.indexOf(button) + 1],
      ArrowLeft: () => figures[figures.indexOf(button) - 1],
      ArrowDown: () => column[column.indexOf(button) + 1],
      ArrowUp: () => column[column.indexOf(button) - 1],
      Home: () => figures[0],
      End: () => figures.at(-1),
    }[event.key]?.();
    if (event.key === "Escape") {
      const line = this.lines.find((one) => one.row === button.closest("tr"));
      line.asked = "";
      this.show();
    }
    if (!next) return;
    event.preventDefault();
    this.rove(next);
    next.focus();
  }

  // Ascending, descending, and back to the order of the spec; parts stay below their row.
  sort(head) {
    const order = { none: "ascending", ascending: "descending", descending: "none" }[head.getAttribute("aria-sort")];
    for (const other of head.parentNode.cells) other.setAttribute("aria-sort", other === head ? order : "none");
    const key = (line) => valueOf(line.row.cells[head.cellIndex].textContent);
    const sign = order === "descending" ? -1 : 1;
    const place = (lines) => {
      const sorted = order === "none" ? lines : [...lines].sort((a, b) => sign * compare(key(a), key(b)));
      for (const line of sorted) {
        this.body.append(line.row, ...(line.why ? [line.why] : []));
        place(line.parts);
      }
    };
    place(this.top);
  }

  // Unfolds as far as a layer, and goes to it.
  find(path) {
    const line = this.lines.find((one) => one.row.dataset.path === path);
    if (!line) return;
    for (let above = line.above; above; above = above.above) above.open = true;
    this.show();
    line.row.scrollIntoView({ block: "center" });
    const button = line.row.querySelector("[data-figure]");
    if (button) {
      this.rove(button);
      button.focus({ preventScroll: true });
    }
  }
}

// A number, the product of sizes with × between them, "all" as more than any number, or words.
function valueOf(text) {
  const sizes = text.replace("≥ ", "").replaceAll(",", "").split("×").map(Number);
  if (text === "all") return Infinity;
  return text === "" ? -1 : sizes.some(Number.isNaN) ? text : sizes.reduce((a, b) => a * b);
}

function compare(a, b) {
  if (typeof a === "string" || typeof b === "string") return String(a).localeCompare(String(b), "en", { numeric: true });
  return a === b ? 0 : a < b ? -1 : 1;
}

document.documentElement.classList.add("js");
for (const table of document.querySelectorAll("table.layers")) {
  const layers = new Layers(table);
  for (const thing of table.closest("section").querySelectorAll("svg [data-layer]")) {
    thing.addEventListener("click", () => layers.find(thing.dataset.layer));
  }
}
