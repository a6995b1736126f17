// A spec in the fragment of an address: deflated (zlib), then base64 for addresses.
export const MARK = "#spec=";
const MOST = 4_000_000;  // characters, as a file may have

async function through(bytes, stream) {
  const parts = [];
  let size = 0;
  for await (const part of new Blob([bytes]).stream().pipeThrough(stream)) {
    parts.push(part);
    size += part.length;
    if (size > 4 * MOST) throw new Error("the spec in the address is too large");
  }
  return new Blob(parts);
}

export function toBase64(bytes) {
  const parts = [];
  for (let at = 0; at < bytes.length; at += 0x8000) parts.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)));
  return btoa(parts.join(""));
}

export async function fragmentOf(text) {
  const blob = await through(new TextEncoder().encode(text), new CompressionStream("deflate"));
  const base64 = toBase64(new Uint8Array(await blob.arrayBuffer()));
  return MARK + base64.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

// The text in a fragment; null if it has none. A broken one is an error that says why.
export async function textOf(fragment) {
  if (!fragment.startsWith(MARK)) return null;
  const base64 = fragment.slice(MARK.length).replace(/-/g, "+").replace(/_/g, "/");
  const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  return (await through(bytes, new DecompressionStream("deflate"))).text();
}
