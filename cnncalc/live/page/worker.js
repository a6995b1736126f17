// Python in a web worker: loads Pyodide and cnncalc from the folder of this file, then answers requests.
// Says { loaded, size } in bytes while it loads, { ready } or { failed: sentence } after that, and { id, answer }.

const FOLDER = new URL("./", import.meta.url).href;
const MODULES = "cnncalc.txz";

const say = (message) => self.postMessage(message);

const fail = (reason) => {
  say({ failed: String(reason) });
  return new Error(reason);
};

// How much is there of each file, and how much there will be.
const loaded = {};
let sizes = {};

const sum = (counts) => Object.values(counts).reduce((all, one) => all + one, 0);

function note(name, bytes) {
  loaded[name] = bytes;
  say({ loaded: sum(loaded), size: sum(sizes) });
}

async function count(name, response) {
  let bytes = 0;
  try {
    for (let reader = response.body.getReader(), part; !(part = await reader.read()).done;) {
      bytes += part.value.length;
      note(name, bytes);
    }
  } catch (error) {
    return fail(`${name} was cut off after ${bytes} bytes: ${error.message}`);
  }
  if (bytes !== sizes[name]) fail(`${name} has ${bytes} bytes, but ${sizes[name]} are expected: it is not complete`);
}

const missing = (name) => (error) => { throw fail(`${name} cannot be loaded: ${error.message}`); };

// WebAssembly that a server sends with another content type.
const asWebAssembly = (response) => (response.headers.get("content-type") === "application/wasm" ? response
  : new Response(response.body, { headers: { "content-type": "application/wasm" } }));

// Pyodide loads its files through this, because it waits for ever for one that is missing or has the wrong type.
const fetchFile = self.fetch.bind(self);
self.fetch = async (file, ...options) => {
  const name = new URL(file.url ?? file, FOLDER).pathname.split("/").pop();
  const response = await fetchFile(file, ...options).catch(missing(name));
  if (!response.ok) missing(name)(new Error(`the server says ${response.status} ${response.statusText}`.trim()));
  if (name in sizes) count(name, response.clone());
  return name.endsWith(".wasm") ? asWebAssembly(response) : response;
};

async function script(name) {
  const module = await import(FOLDER + name).catch(missing(name));
  note(name, sizes[name]);
  return module;
}

async function load() {
  const said = await self.fetch(`${FOLDER}sizes.json`);
  sizes = await said.json().catch(() => { throw fail("the server sends something else for sizes.json"); });
  const modules = self.fetch(FOLDER + MODULES).then((response) => response.arrayBuffer());
  const [outer, inner] = await Promise.all(["pyodide.js", "pyodide.asm.js"].map(script));
  const python = await outer.loadPyodide({ createPyodideModule: inner.default, indexURL: FOLDER });
  python.unpackArchive(await modules, "xztar");
  return python.pyimport("cnncalc.live.worker").answer;
}

function answered(answer, request) {
  try {
    return JSON.parse(answer(JSON.stringify(request)));
  } catch (error) {
    const reason = String(error.message).trim().split("\n").pop();
    return { error: `cnncalc failed; this is a mistake in cnncalc: ${reason}` };
  }
}

const answer = load();
answer.then(() => say({ ready: true }), (error) => fail(error.message));
self.addEventListener("message", async ({ data: { id, request } }) => {
  say({ id, answer: answered(await answer, request) });
});
