// Commands on the text: rename, format, go to a definition, apply a fix or a claim.
import { makeChanges, goTo, offsetOf, placeOf } from "./editor.js";
import { markdown } from "./markdown.js";
import { button, byId, closeDialog, element, openDialog, say } from "./words.js";

const NO_NAME = "there is no name at the cursor that can be changed: put the cursor on the name of a layer, block or variable";
const NO_WORD = "there is no explanation of the word at the cursor: put the cursor on a word of a layer's line";

let page = null;
let ask = null;

const here = () => placeOf(page.view.state.doc, page.view.state.selection.main.head);

async function changed(request) {  // any request that is answered with changes; true if it was
  const doc = page.view.state.doc;
  const answer = await ask(request);
  if (answer.error) return answer.error;
  if (page.view.state.doc === doc) makeChanges(page.view, answer.changes);
  page.view.focus();
  return "";
}

async function format() {
  if (!page.good) return say("a text with a mistake is not formatted; fix it first");
  say(await changed({ ask: "format" }));
}

async function rename() {
  const position = here();
  const { range } = await ask({ ask: "rename", position });
  if (!range) return say(NO_NAME);
  const doc = page.view.state.doc;
  const input = element("input", { id: "new-name", autocomplete: "off" });
  const wrong = element("p", { role: "alert" });
  input.value = doc.sliceString(offsetOf(doc, range.start), offsetOf(doc, range.end));
  const take = async () => {
    wrong.textContent = await changed({ ask: "rename", position, name: input.value });
    if (wrong.textContent) input.focus();
    else closeDialog();
  };
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    take();
  });
  const label = element("label", { for: "new-name" }, "New name ");
  openDialog("Rename", label, input, button("Rename everywhere", take), wrong);
  input.select();
  return undefined;
}

async function go() {
  const { range } = await ask({ ask: "definition", position: here() });
  if (range) goTo(page.view, range.start);
  else say("there is no name of the spec at the cursor");
}

async function fix() {
  const { from, to } = page.view.state.selection.main;
  const doc = page.view.state.doc;
  const range = { start: placeOf(doc, from), end: placeOf(doc, to) };
  const { actions = [] } = await ask({ ask: "actions", range });
  if (!actions.length) return say("nothing to fix or to claim on this line");
  const take = (action) => () => {
    closeDialog();
    if (page.view.state.doc === doc) makeChanges(page.view, action.changes);
    page.view.focus();
  };
  const choices = actions.map((action) => button(action.title, take(action)));
  openDialog("On this line", element("div", { class: "choices" }, ...choices));
  return undefined;
}

async function explain() {
  const answer = await ask({ ask: "hover", position: here() });
  if (answer.markdown) openDialog("At the cursor", element("div", { class: "explained" }, markdown(answer.markdown)));
  else say(NO_WORD);
}

const COMMANDS = { format, rename, go, fix, explain };
const KEYS = { format: "Shift-Alt-f", rename: "F2", go: "F12", fix: "Mod-.", explain: "F1" };

const bound = (name) => () => {
  COMMANDS[name]();
  return true;
};

export const keys = Object.entries(KEYS).map(([name, key]) => ({ key, run: bound(name), preventDefault: true }));

export function startCommands(of, asked) {
  page = of;
  ask = asked;
  for (const [name, command] of Object.entries(COMMANDS)) byId(name).addEventListener("click", command);
}
