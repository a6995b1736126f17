// Opening and handing out texts: bundled architectures, model files, downloads, links.
import { replaceText, textOfEditor } from "./editor.js";
import { figureText } from "./figure.js";
import { button, byId, closeDialog, element, openDialog, say } from "./words.js";
import { fragmentOf, toBase64 } from "./share.js";

const PUBLIC = "The link has the whole spec in it; no server gets it. ";
const PRIVATE = "Put this after the address of a page of 'cnncalc site'; it has the whole spec in it. ";
const ELSEWHERE = "'cnncalc import FILE > net.yaml' reads models of any size";
const SEARCH = {
  type: "search", placeholder: "a name, as resnet", "aria-label": "search the bundled architectures",
  autocomplete: "off",
};

let page = null;
let ask = null;

const stem = () => (page.brought || page.name).replace(/^.*[\\/]/, "").replace(/\.ya?ml$/i, "") || "net";

function bring(text, name) {
  closeDialog();
  if (page.writable) page.brought = name;  // the file that is written keeps its name
  else page.rename(`${name}.yaml`);
  say("");
  replaceText(page.view, text);
  page.view.focus();
}

function download(name, text, type = "text/plain") {
  const address = URL.createObjectURL(new Blob([text], { type }));
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

async function exportTo(target) {
  const answer = await ask({ ask: "export", target });
  say(answer.error ?? answer.notes.join("; "));
  if (!answer.error) download(answer.name, answer.text);
}

async function share() {
  const fragment = await fragmentOf(textOfEditor(page.view));
  const isPublic = document.querySelector('meta[name="cnncalc-transport"]').content === "worker";
  const area = element("textarea", { readonly: true, rows: 6, id: "link" });
  area.value = isPublic ? location.href.replace(/#.*/s, "") + fragment : fragment;
  const label = isPublic ? PUBLIC : PRIVATE;
  const copied = element("span", { role: "status" });
  const copy = async () => {
    area.select();
    await navigator.clipboard.writeText(area.value).catch(() => document.execCommand("copy"));
    copied.textContent = " copied";
  };
  openDialog("Share", element("label", { for: "link" }, label), area, button("Copy", copy), copied);
  area.select();
}

async function open() {
  const search = element("input", SEARCH);
  const file = element("input", { type: "file", "aria-label": "a model file or a spec" });
  const list = element("div", { class: "choices long" });
  file.addEventListener("change", () => file.files[0] && take(file.files[0]));
  const fileLine = element("p", {}, element("label", {}, "A model file or a spec: ", file));
  let choices = [];
  let isChosen = false;  // by Enter before the list has come
  const found = () => choices.filter((one) => !one.hidden);
  const narrow = () => {
    for (const one of choices) one.hidden = !one.dataset.name.includes(search.value.toLowerCase().trim());
  };
  search.addEventListener("input", narrow);
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (choices.length) found()[0]?.click();
    else isChosen = true;
  });
  openDialog("Open", fileLine, element("p", {}, "Or one of the bundled architectures: ", search), list);
  search.focus();
  const { architectures = [] } = await ask({ ask: "bundled" });
  const choose = async (name) => bring((await ask({ ask: "bundled", name })).text, name);
  const words = ({ name, title }) => ({ "data-name": `${name} ${title}`.toLowerCase() });
  const choice = (one) => button(one.title, () => choose(one.name), words(one));
  choices = architectures.map(choice);
  narrow();
  list.replaceChildren(...choices);
  if (isChosen && search.isConnected && byId("dialog").open) found()[0]?.click();
}

function refuse(reason) {
  closeDialog();
  say(reason);
}

async function take(file, wanted = {}) {  // wanted: which model, and the size of its input
  if (file.size > page.most) return refuse(`${file.name} is larger than ${page.most / 1e6} MB; ${ELSEWHERE}`);
  say(`reading ${file.name} …`);
  const bytes = await file.arrayBuffer().catch(() => null);
  if (bytes === null) return refuse(`${file.name} cannot be read; drop one file, and no folder`);
  const data = toBase64(new Uint8Array(bytes));
  const answer = await ask({ ask: "import", name: file.name, data, ...wanted });
  if (answer.models?.length) {
    say("");
    const choices = answer.models.map((model) => button(model, () => take(file, { ...wanted, model })));
    openDialog(`Which model of ${file.name}?`, element("div", { class: "choices" }, ...choices));
  } else if (answer.source) askForSize(file, wanted, answer.error);
  else if (answer.error) refuse(answer.error);
  else {
    bring(answer.text, file.name.replace(/\.[^.]*$/, ""));
    say(answer.notes.join("; "));
  }
  return undefined;
}

function askForSize(file, wanted, error) {  // a source that does not state the size of its input is not imported without one
  say("");
  const input = element("input", { id: "input-size", placeholder: "3x224x224", autocomplete: "off" });
  const again = () => take(file, { ...wanted, input: input.value.trim() });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    again();
  });
  const label = element("label", { for: "input-size" }, "The size of the input, if the source does not say it: ");
  const alert = element("p", { role: "alert" }, error);
  openDialog(`${file.name} is not imported`, alert, label, input, button("Import", again));
}

function startDrops() {
  const over = (on) => document.body.classList.toggle("dropping", on);
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    over(true);
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) over(false); });
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    over(false);
    take(event.dataTransfer.files[0]);
  });
}

export function startFiles(of, asked, targets) {
  page = of;
  ask = asked;
  byId("open").addEventListener("click", open);
  byId("share").addEventListener("click", share);
  byId("download-spec").addEventListener("click", () => download(`${stem()}.yaml`, textOfEditor(page.view)));
  byId("download-svg").addEventListener("click", () => {
    if (figureText()) download(`${stem()}.svg`, figureText(), "image/svg+xml");
    else say("there is no figure");
  });
  byId("downloads").append(...targets.map((target) => button(`for ${target}`, () => exportTo(target))));
  startDrops();
}
