// A worksheet of the open text: filled in here, marked by Python. It covers the figures, which are the answers.
import { button, byId, element, say, setText } from "./words.js";

const RIGHT = ["right", "follows", "rounded"];

let page = null;
let ask = null;
let dialog = null;
let sheet = null;  // what was answered to "exercise", with the text that it is of, and how it was asked for

const box = () => byId("exercise");
const answerIn = (row, figure) => row.querySelector(`[data-figure="${figure}"]`)?.value ?? "";
const rows = () => [...box().querySelectorAll("tr.row")];
const answers = () => rows().map((row) => sheet.figures.map((figure) => answerIn(row, figure)));
const filledIn = () => [...box().querySelectorAll("[data-figure]")].map(({ id, value }) => ({ id, value }));
const number = (id) => (byId(id).value === "" ? null : Math.round(Number(byId(id).value)));

function wanted() {
  const figures = [...box().querySelectorAll('[name="figure"]:checked')].map((one) => one.value);
  return { figures, depth: number("exercise-depth") ?? 0, seed: number("exercise-seed") };
}

function answerCell(name, head, figure, at) {
  const input = element("input", {
    id: `answer-${at}-${figure}`, "data-figure": figure, "aria-label": `${name}, ${head}`, autocomplete: "off",
    spellcheck: "false", oninput: (event) => unmark(event.target),
  });
  return element("td", {}, input, element("span", { class: "mark" }));
}

function row(cells, at) {
  const first = cells.length - sheet.figures.length;
  const [name, ...others] = cells;
  const made = others.map((cell, place) => (["words", "none"].includes(cell.kind)
    ? element("td", {}, cell.text)
    : answerCell(name.text, sheet.heads[place + 1], sheet.figures[place + 1 - first], at)));
  return element("tr", { class: "row" }, element("th", { scope: "row" }, name.text), ...made);
}

function showSheet() {
  setText(byId("exercise-title"), sheet.title);
  setText(byId("exercise-how"), `Fill in ${sheet.how}`);
  const heads = sheet.heads.map((head) => element("th", { scope: "col" }, head));
  byId("exercise-sheet").replaceChildren(element("table", { "aria-labelledby": "exercise-title" },
    element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...sheet.rows.map(row))));
  showResult("");
}

function showResult(headline, notes = []) {
  setText(byId("exercise-result"), headline);
  byId("exercise-notes").replaceChildren(...notes.map((note) => element("li", {}, note)));
}

function unmark(input) {
  const said = byId(input.getAttribute("aria-describedby"));
  const below = said?.closest("tr");
  said?.remove();
  if (below && !below.querySelector("p")) below.remove();
  for (const name of ["aria-describedby", "aria-invalid"]) input.removeAttribute(name);
  input.nextSibling.textContent = "";
  input.nextSibling.className = "mark";
}

function showMark({ line, figure, mark, feedback }) {
  const input = byId(`answer-${line - 1}-${figure}`);
  const isRight = RIGHT.includes(mark);
  input.setAttribute("aria-invalid", !isRight);
  setText(input.nextSibling, mark);
  input.nextSibling.className = `mark ${isRight ? "right-answer" : "wrong-answer"}`;
  if (!feedback.length || mark === "blank") return;
  const id = `said-${input.id}`;
  input.setAttribute("aria-describedby", id);
  let below = input.closest("tr").nextElementSibling;
  if (!below?.matches(".feedback")) {
    below = element("tr", { class: "feedback" }, element("td", { colspan: sheet.heads.length }));
    input.closest("tr").after(below);
  }
  below.firstChild.append(element("p", { id }, element("b", {}, `${figure}: `), feedback.join("\n")));
}

// Up and down lead to the same column of other rows.
function move(event) {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const { figure } = event.target.dataset;
  if (!step || !figure) return;
  event.preventDefault();
  const column = [...box().querySelectorAll(`[data-figure="${figure}"]`)];
  column[column.indexOf(event.target) + step]?.focus();
}

async function mark() {
  if (sheet?.doc !== page.view.state.doc) return undefined;  // the text has changed since
  const answer = await ask({ ask: "mark", ...sheet.wanted, level: byId("exercise-level").value, answers: answers() });
  for (const input of box().querySelectorAll("[data-figure]")) unmark(input);
  if (answer.error) return showResult(answer.error);
  answer.cells.forEach(showMark);
  return showResult(answer.headline, answer.notes);
}

async function begin() {
  const request = wanted();
  const doc = page.view.state.doc;
  const answer = await ask({ ask: "exercise", ...request });
  if (answer.error) {
    if (sheet?.doc !== doc) byId("exercise-sheet").replaceChildren();
    return showResult(answer.error);
  }
  const isSame = sheet?.doc === doc && sheet.wanted.depth === request.depth && sheet.wanted.seed === request.seed;
  const kept = isSame ? filledIn() : [];  // only other columns are wanted
  sheet = { ...answer, doc, wanted: request };
  showSheet();
  for (const { id, value } of kept) if (byId(id)) byId(id).value = value;
  return undefined;
}

function otherNumbers() {
  byId("exercise-seed").value = Math.floor(Math.random() * 1000000);
  return begin();
}

const setting = (name, id, most, least, usual) => element("label", {}, `${name} `,
  element("input", { type: "number", id, min: least, max: most, placeholder: usual, onchange: begin }));

function column(figure, isChosen) {
  const box = element("input", { type: "checkbox", name: "figure", value: figure, checked: isChosen, onchange: begin });
  return element("label", {}, box, ` ${figure}`);
}

function choices({ known, figures }) {
  const levels = known.levels.map((level) => element("option", { selected: level === "explain" }, level));
  return [
    element("fieldset", {}, element("legend", {}, "Columns"),
      ...known.figures.map((figure) => column(figure, figures.includes(figure)))),
    element("p", { class: "choice" },
      setting("Levels of blocks", "exercise-depth", known.most_depth, 1, "all"),
      setting("Seed", "exercise-seed", known.most_seed, 0, "none"), button("Other numbers", otherNumbers),
      element("label", {}, "Feedback ", element("select", { id: "exercise-level" }, ...levels))),
  ];
}

function build(answer) {
  const submit = (event) => { event.preventDefault(); mark(); };
  const sheetBox = { id: "exercise-sheet", class: "scrolls", tabindex: "0", role: "group", "aria-label": "worksheet" };
  const form = element("form", { onsubmit: submit, onkeydown: move },
    element("h2", { id: "exercise-title" }), ...choices(answer), element("p", { id: "exercise-how" }),
    element("div", sheetBox), element("p", { id: "exercise-result", role: "status" }),
    element("ul", { id: "exercise-notes" }), element("p", { class: "buttons" },
      element("button", { type: "submit" }, "Mark"), button("Close", () => dialog.close())));
  dialog = element("dialog", { id: "exercise", "aria-labelledby": "exercise-title" }, form);
  document.body.append(dialog);
}

async function open() {
  if (!dialog) {
    const answer = await ask({ ask: "exercise" });
    if (answer.error) return say(answer.error);
    build(answer);
  }
  dialog.showModal();
  if (sheet?.doc !== page.view.state.doc) await begin();
  box().querySelector("[data-figure]")?.focus();
  return undefined;
}

export function startExercises(of, asked) {
  page = of;
  ask = asked;
  byId("exercise-open").addEventListener("click", open);
}
