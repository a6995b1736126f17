// Python in a web worker (worker.js) answers the page. What the server of `cnncalc edit` knows is answered here:
// there is no file, and the text comes from the link that the page was opened with.

const FIRST = "alexnet";

// A function that answers requests. `progress` gets { loaded, size, doing } while Python is loaded.
export function connect(progress) {
  const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  const waiting = new Map();
  let last = 0;
  let stopped = null;
  const stop = (reason) => {
    stopped ??= new Error(`Python does not run in this browser: ${reason}`);
    for (const { reject } of waiting.values()) reject(stopped);
    waiting.clear();
  };
  worker.addEventListener("error", (event) => stop(event.message ?? "worker.js cannot be loaded"));
  worker.addEventListener("message", ({ data }) => {
    if (data.failed) return stop(data.failed);
    if (data.id === undefined) return progress(data);
    waiting.get(data.id)?.resolve(data.answer);
    waiting.delete(data.id);
  });
  const ask = (request) => new Promise((resolve, reject) => {
    if (stopped) return reject(stopped);
    waiting.set(last += 1, { resolve, reject });
    worker.postMessage({ id: last, request });
  });
  return (request) => (request.ask === "file" ? file(ask) : ask(request));
}

async function file(ask) {
  const { text } = await ask({ ask: "bundled", name: FIRST });
  return { text, name: `${FIRST}.yaml`, hash: null, writable: false };
}
