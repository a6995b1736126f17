// The table: rows unfold, a name leads to its line in the text.
import { element, button, byId, setText } from "./words.js";

const unfolded = new Set();
let columns = [];  // the chosen ones; none for the usual
let firstRow = 0;
let shown = null;
const lines = new Map();  // the line of the text of each outermost row, by its path

export const tableRequest = () => ({ unfolded: [...unfolded], first_row: firstRow, columns });
export const lineOf = (path) => {
  const holds = (name) => [`${name}/`, `${name}.`].some((start) => path.startsWith(start));
  const found = [...lines.keys()].filter((name) => path === name || holds(name));
  return found.length ? lines.get(found.sort((a, b) => b.length - a.length)[0]) : null;
};

export const isInParts = () => Boolean(shown?.part);

export function startTable(again) {
  byId("rows-before").addEventListener("click", () => { firstRow = shown.part.before; again(); });
  byId("rows-after").addEventListener("click", () => { firstRow = shown.part.after; again(); });
  byId("columns").addEventListener("change", () => {
    columns = [...byId("columns").querySelectorAll("input:checked")].map((one) => one.value);
    again();
  });
  byId("table").addEventListener("click", (event) => {
    const fold = event.target.closest("button.fold");
    if (!fold) return;
    const path = fold.closest("tr").dataset.path;
    if (!unfolded.delete(path)) unfolded.add(path);
    again();
  });
}

export function showTable(table, isOld, go) {
  shown = table;
  const box = byId("table");
  const focused = box.contains(document.activeElement) ? document.activeElement : null;
  const place = focused && { path: focused.closest("tr")?.dataset.path, name: focused.className };
  lines.clear();
  for (const row of table?.rows ?? []) lines.set(row.path, row.line);
  box.replaceChildren(...(table ? [whole(table, go)] : []));
  byId("old").hidden = !isOld;
  for (const one of [box, byId("figure")]) one.classList.toggle("old", isOld);
  byId("notes").replaceChildren(...(table?.notes ?? []).map((note) => element("p", {}, note)));
  const { text = "", first = 0, before = null, after = null } = table?.part ?? {};
  firstRow = first;
  setText(byId("part"), text);
  byId("rows-before").hidden = before === null;
  byId("rows-after").hidden = after === null;
  if (table) showChoice(table.choice);
  if (place?.path) {
    const row = [...box.querySelectorAll("tr")].find((one) => one.dataset.path === place.path);
    row?.querySelector(`.${place.name}`)?.focus();
  }
}

function showChoice(choice) {
  const boxes = byId("columns");
  if (boxes.childElementCount !== choice.length) {
    const checkbox = (one) => element("input", { type: "checkbox", value: one.key });
    boxes.replaceChildren(...choice.map((one) => element("label", {}, checkbox(one), one.title)));
  }
  choice.forEach((one, at) => { boxes.children[at].firstElementChild.checked = one.shown; });
}

function whole(table, go) {
  const heads = table.columns.map((column) => element("th", { scope: "col", class: column.align }, column.title));
  const total = (text, at) => element("td", { class: table.columns[at + 1].align }, text);
  const totals = [element("th", { scope: "row" }, table.totals[0]), ...table.totals.slice(1).map(total)];
  return element("table", {},
    element("caption", {}, table.title),
    element("thead", {}, element("tr", {}, ...heads)),
    element("tbody", {}, ...table.rows.map((row) => tableRow(row, table.columns, go))),
    element("tfoot", {}, element("tr", {}, ...totals)));
}

function tableRow(row, columns, go) {
  const [name, ...texts] = row.cells;
  const folding = { class: "fold", "aria-expanded": row.unfolded, "aria-label": `parts of ${name}` };
  const fold = row.unfolded === null ? [] : [button("", null, folding)];
  const going = { class: "name", title: `line ${row.line + 1}` };
  const label = row.line === null ? name : button(name, () => go(row.line), going);
  const head = element("th", { scope: "row" }, ...fold, label);
  head.style.setProperty("--depth", row.depth);
  return element("tr", { "data-path": row.path, "data-line": row.line }, head,
    ...texts.map((text, at) => element("td", { class: columns[at + 1].align }, text)));
}

export function markRow(line) {  // returns whether there is one
  for (const row of byId("table").querySelectorAll("tr.here")) row.classList.remove("here");
  const rows = byId("table").querySelectorAll(`tr[data-line="${line}"]`);
  for (const row of rows) row.classList.add("here");
  return rows.length > 0;
}
