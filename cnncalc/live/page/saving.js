// The file of `cnncalc edit`: saved on demand; what other programs write into it is merged, or asked about.
import { replaceText, textOfEditor } from "./editor.js";
import { ask } from "./transport.js";
import { button, byId, closeDialog, element, openDialog, say } from "./words.js";

let page = null;
let hash = "";  // of what is in the file, as far as the text of the editor is made from it
let saved = null;  // the document that is in the file; null if that is none of this page

const isSaved = () => saved !== null && page.view.state.doc.eq(saved);
const seconds = (count) => new Promise((done) => setTimeout(done, 1000 * count));

export function noteChange() {
  if (!page) return;
  if (isSaved()) page.brought = "";
  byId("save").disabled = isSaved();
}

function note(answer, doc) {  // what is in the file now
  hash = answer.hash;
  saved = doc;
  noteChange();
}

async function save() {
  if (page.brought && hash) return askOver();
  const doc = page.view.state.doc;
  const answer = await ask({ ask: "save", text: textOfEditor(page.view), hash });
  if (answer.error) return say(answer.error);
  if (answer.changed === null) return lose(answer, save);
  if (answer.merged === undefined && answer.changed !== undefined) return choose(answer, save);
  say(answer.note ?? "");
  if (answer.merged === undefined) return note(answer, doc);
  if (page.view.state.doc !== doc) return undefined;  // the text has changed since: `meet` gets the merged file
  replaceText(page.view, answer.merged, true);
  note(answer, page.view.state.doc);
  return say(`saved, with the changes that another program has made to ${page.name} meanwhile`);
}

// Another program wrote the file.
async function meet() {
  const doc = page.view.state.doc;
  const answer = await ask({ ask: "merge", text: textOfEditor(page.view), hash });
  if (answer.error) return say(answer.error);
  if (answer.hash === hash) return undefined;  // it was this page
  if (page.view.state.doc !== doc) return meet();
  if (answer.changed === undefined) return note(answer, doc);  // the file has the same text
  if (answer.changed === null) return lose(answer);
  if (isSaved()) return take(answer);
  if (answer.merged === undefined) return choose(answer);
  note(answer, page.view.state.toText(answer.changed));
  replaceText(page.view, answer.merged, true);
  return say(`another program has changed ${page.name}; the text now has its changes and yours, which are not saved yet`);
}

function take(answer) {
  replaceText(page.view, answer.changed, true);
  note(answer, page.view.state.doc);
  say(`another program has changed ${page.name}; this is the new text`);
}

function choose(answer, then = () => {}) {
  const keep = () => {
    closeDialog();
    note(answer, null);
    then();
  };
  const theirs = () => {
    closeDialog();
    take(answer);
  };
  const words = "It has changed the same lines as you. Nothing is written yet.";
  const choices = [button("Take the text of the file", theirs), button("Keep the text of this page", keep)];
  const shown = differing(answer.changed.split("\n"), textOfEditor(page.view).split("\n"));
  openDialog(`Another program has changed ${page.name}`, element("p", {}, words), ...shown, ...choices);
}

const MOST_SHOWN = 20;

function differing(file, here) {  // the lines from the first that differs to the last, of the file and of the page
  let head = 0, foot = 0;
  const most = Math.min(file.length, here.length);
  while (head < most && file[head] === here[head]) head++;
  while (foot < most - head && file.at(-1 - foot) === here.at(-1 - foot)) foot++;
  return [[`In the file, from line ${head + 1}:`, file], ["On this page:", here]].flatMap(([title, lines]) => {
    const own = lines.slice(head, lines.length - foot);
    const more = own.length > MOST_SHOWN ? `\n... ${own.length - MOST_SHOWN} more lines` : "";
    return [element("p", {}, title), element("pre", {}, own.slice(0, MOST_SHOWN).join("\n") + more)];
  });
}

function lose(answer, then = () => {}) {
  note(answer, null);
  say(`${page.name} is gone; a save creates it again`);
  return then();
}

// A text that was opened or dropped replaces that of the file only after a question.
function askOver() {
  const over = () => {
    closeDialog();
    page.brought = "";
    save();
  };
  const beside = () => {
    closeDialog();
    byId("download-spec").click();
  };
  const words = `The text of this page came from ${page.brought}. A save puts it in place of that of ${page.name}.`;
  const choices = [button(`Download it as ${page.brought}.yaml`, beside), button(`Write over ${page.name}`, over)];
  openDialog(`Write over ${page.name}?`, element("p", {}, words), ...choices);
}

async function follow() {
  for (let [seen, wrong] = [hash, ""]; ; ) {
    if (document.hidden) {
      await new Promise((done) => document.addEventListener("visibilitychange", done, { once: true }));
      continue;
    }
    const answer = await window.cnncalc.ask({ ask: "watch", hash: seen });  // not one after another: the other requests need not wait for it
    if (answer.error && answer.error !== wrong) say(answer.error);
    wrong = answer.error ?? "";
    if (answer.error) await seconds(2);
    else if (answer.changed && answer.hash !== hash) await meet();
    seen = answer.hash ?? seen;
  }
}

export function startSaving(of, file) {
  if (typeof file.hash !== "string") return;  // there is no file
  page = of;
  note(file, file.hash ? page.view.state.doc : null);
  const tool = byId("save");
  tool.hidden = !file.writable;
  tool.addEventListener("click", save);
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    save();
  });
  window.addEventListener("beforeunload", (event) => { if (!isSaved()) event.preventDefault(); });
  if (file.note) say(file.note);
  follow();
}
