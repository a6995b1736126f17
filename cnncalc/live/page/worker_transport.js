// Python in a web worker (worker.js) answers the page. What the server of `cnncalc edit` knows is answered here:
// there is no file to be saved, and the text comes from the link that the page was opened with.
import { element, byId, setText } from "./words.js";
import { MARK, textOf } from "./share.js";

const FIRST = "alexnet";
const OPENED = { hash: null, writable: false, most: 50_000_000 };  // most: bytes of a dropped file
const BROKEN_LINK = "the link is broken, so an example is shown: copy the whole link again";
const bar = element("progress", { "aria-label": "loading", max: 1, value: 0 });
const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
const waiting = new Map();
let last = 0;
let stopped = null;

function stop(reason) {
  stopped ??= new Error(`Python could not be started: ${reason}`);
  bar.remove();
  setText(byId("state"), stopped.message);
  byId("state").classList.add("broken");
  for (const { reject } of waiting.values()) reject(stopped);
  waiting.clear();
}

function showProgress({ loaded, size }) {
  if (loaded < size) bar.value = loaded / size;
  else bar.removeAttribute("value");  // the remaining time is not known
  setText(byId("state"), loaded < size ? `Loading Python, ${Math.round(size / 1e6)} MB` : "Starting Python");
}

function told({ data }) {
  if (stopped) return;
  if (data.failed) stop(data.failed);
  else if (data.ready) bar.remove();
  else if (data.size) showProgress(data);
  else {
    waiting.get(data.id)?.resolve(data.answer);
    waiting.delete(data.id);
  }
}

function askPython(request) {
  return new Promise((resolve, reject) => {
    if (stopped) return reject(stopped);
    waiting.set(last += 1, { resolve, reject });
    return worker.postMessage({ id: last, request });
  });
}

async function file() {
  const wrong = [];
  const text = await textOf(location.hash).catch(() => wrong.push(BROKEN_LINK) && null);
  if (text !== null) return { ...OPENED, text, name: "shared.yaml" };
  const example = await askPython({ ask: "bundled", name: FIRST });
  return { ...OPENED, ...example, name: `${FIRST}.yaml`, error: wrong[0] };
}

worker.addEventListener("message", told);
worker.addEventListener("error", (event) => stop(event.message ?? "worker.js cannot be loaded"));
window.addEventListener("hashchange", () => { if (location.hash.startsWith(MARK)) location.reload(); });
byId("state").before(bar);

window.cnncalc = { ask: (request) => (request.ask === "file" ? file() : askPython(request)) };
