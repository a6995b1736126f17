// The page: after a pause in typing it asks about the text, and shows the answers.
import { ask } from "./transport.js";
import { button, byId, element, say, setText, startMenus, startSplitter } from "./words.js";
import {
  diagnostics, fromOutside, goTo, makeChanges, offsetOf, placeOf, showHints, showProblems, startEditor, textOfEditor,
} from "./editor.js";
import { isInParts, markRow, showTable, startTable, tableRequest } from "./table.js";
import { figureRequest, isOfLine, showFigure, startFigure } from "./figure.js";
import { mapSliders, showSliders } from "./sliders.js";
import { startFiles } from "./files.js";
import { keys, startCommands } from "./commands.js";
import { startExercises } from "./exercises.js";
import { noteChange, startSaving } from "./saving.js";

const PAUSE = 150;  // milliseconds after the last key
const AT_ONCE = 100;  // milliseconds
const MARGIN = 100;  // lines above and below the visible ones that have hints, too

const page = { view: null, name: "", brought: "", good: false, writable: false, most: 0, rename };
let told = { doc: null, answer: null };
let timer = 0;
let running = false;
let due = false;
let isDrawnAtOnce = true;  // whether the figure follows a slider while it is moved

const docOf = () => page.view.state.doc;

function seenLines() {
  const { from, to } = page.view.viewport;
  const doc = docOf();
  const [first, last] = [from, to].map((offset) => doc.lineAt(offset).number - 1);
  return { first_line: Math.max(first - MARGIN, 0), last_line: last + MARGIN };
}

// Ask about the present text, once. Requests about a place in the text wait for that.
function tell() {
  const doc = docOf();
  if (told.doc !== doc) {
    const text = { ask: "text", text: textOfEditor(page.view), name: page.name, check: false };
    told = { doc, answer: ask({ ...text, ...seenLines(), ...tableRequest() }) };
  }
  return told.answer;
}

async function askAbout(request) {
  tell();
  const answer = await ask(request);
  if (!answer.again) return answer;
  told = { doc: null, answer: null };  // Python has forgotten the text: it has many pages, or was started again
  tell();
  return ask(request);
}

function schedule(pause = PAUSE) {
  clearTimeout(timer);
  timer = setTimeout(refresh, pause);
}

async function refresh() {
  due = true;
  if (running) return;
  running = true;
  try {
    while (due) {
      due = false;
      await askAndShow();
    }
  } finally {
    running = false;
  }
}

async function askAndShow() {
  const doc = docOf();
  const answer = await tell();
  if (answer.error) {
    setText(byId("state"), answer.error);
    told = { doc: null, answer: null };
    return;
  }
  showAnswer(answer, doc);
  if (docOf() === doc && !answer.good) showFound(await askAbout({ ask: "problems" }), doc);
  if (answer.good && (docOf() === doc || isDrawnAtOnce)) await draw();
  if (docOf() === doc && answer.good) showFound(await askAbout({ ask: "problems" }), doc);
}

function showAnswer(answer, doc) {
  page.good = answer.good;
  showTable(answer.table, !answer.good, goLine);
  if (answer.state) showState(answer.state);
  setText(byId("totals"), answer.lens?.label ?? "");
  if (docOf() !== doc) return;
  const placed = (one) => ({ ...one, places: one.ranges.map((range) => placesOf(doc, range)) });
  showSliders(answer.settings.map(placed), moveSetting);
  showHints(page.view, answer.hints, answer.lens);
  markRow(lineNow());
}

function showFound({ problems, state }, doc) {
  if (docOf() !== doc || !problems) return;
  const apply = (changes, of) => docOf() === of && makeChanges(page.view, changes);
  showProblems(page.view, diagnostics(doc, problems, apply));
  showState(state);
  byId("problems").replaceChildren(...problems.map((one) => problem(one, (changes) => apply(changes, doc))));
}

function showState(state) {
  setText(byId("state"), state);
  byId("state").classList.toggle("broken", !page.good);
}

function problem(one, apply) {
  const place = button(one.place, () => goTo(page.view, one.range.start), { class: "place" });
  const fixes = one.fixes.map((fix) => button(fix.title, () => apply(fix.changes)));
  const words = [element("b", {}, one.severity), " ", one.message, element("i", {}, ` ${one.rule}`)];
  return element("li", { class: one.severity }, place, ...words, ...fixes);
}

const lineNow = () => placeOf(docOf(), page.view.state.selection.main.head).line;
const goLine = (line) => goTo(page.view, { line, character: 0 });

const placesOf = (doc, { start, end }) => ({ from: offsetOf(doc, start), to: offsetOf(doc, end) });

function moveSetting(setting, value) {
  const changes = setting.places.map((place) => ({ ...place, insert: value }));
  page.view.dispatch({ changes, userEvent: "input.slider" });
  schedule(0);
}

function rename(name) {
  page.name = name;
  setText(byId("file"), name);
  document.title = `${name} · cnncalc`;
}

async function start() {
  startMenus();
  startSplitter();
  const [file, known] = [await ask({ ask: "file" }), await ask({ ask: "targets" })];
  if (file.error) say(file.error);
  page.writable = file.writable ?? false;
  page.most = file.most;
  rename(file.name ?? "net.yaml");
  page.view = startEditor(byId("editor"), file.text ?? "", { ask: askAbout, update: updated, keys });
  startTable(() => showRows());
  startFigure(known.styles ?? [], draw, goLine);
  startCommands(page, askAbout);
  startFiles(page, askAbout, known.targets ?? []);
  startExercises(page, askAbout);
  startSaving(page, file);
  window.cnncalc.page = page;
  refresh();
}

function updated(update) {
  if (update.docChanged) {
    mapSliders(update.changes);
    say("");
    noteChange();
  }
  if (update.docChanged) schedule(update.transactions.some((one) => one.annotation(fromOutside)) ? 0 : PAUSE);
  else if (update.viewportChanged) scheduleHints();
  if (update.selectionSet || update.docChanged) {
    if (!markRow(lineNow()) && isInParts()) scheduleTable();
  }
  if (update.selectionSet && !update.docChanged && isOfLine()) scheduleFigure();
}

async function showRows(place = {}) {  // with a line the part of the table that has its row
  const table = await askAbout({ ask: "table", ...tableRequest(), ...place });
  if (table.error) return;
  showTable(table, !page.good, goLine);
  markRow(lineNow());
}

let tableTimer = 0;
function scheduleTable() {
  clearTimeout(tableTimer);
  tableTimer = setTimeout(() => showRows({ line: lineNow() }), PAUSE);
}

async function draw() {
  const start = performance.now();
  showFigure(await askAbout(figureRequest(lineNow())));
  isDrawnAtOnce = performance.now() - start < AT_ONCE;
}

let drawTimer = 0;
function scheduleFigure() {
  clearTimeout(drawTimer);
  drawTimer = setTimeout(draw, PAUSE);
}

let hintTimer = 0;
function scheduleHints() {
  clearTimeout(hintTimer);
  hintTimer = setTimeout(async () => {
    const doc = docOf();
    if (told.doc !== doc) return;
    const answer = await askAbout({ ask: "hints", ...seenLines() });
    if (answer.hints && docOf() === doc) showHints(page.view, answer.hints);
  }, 100);
}

await start();
