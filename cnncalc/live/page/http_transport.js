// The server of `cnncalc edit` answers the page. The token is in the address that it has printed.
const token = new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
const headers = { "Content-Type": "application/json", "X-Cnncalc-Token": token, "X-Cnncalc-Page": crypto.randomUUID() };
const GONE = "'cnncalc edit' does not answer any more. Your text is still here: Download, the spec";

async function ask(request) {
  try {
    return await (await fetch("/ask", { method: "POST", headers, body: JSON.stringify(request) })).json();
  } catch {
    return { error: GONE };
  }
}

window.cnncalc = { ask };
