// The Markdown of hovers and hints as elements. Texts become text nodes only, so that no text is run as HTML.
import { element } from "./words.js";

const INLINE = /\\([\\|*_`<[\]~&])|`([^`]+)`|\*\*((?:\\.|[^*\\])+)\*\*/g;

function inline(text) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(INLINE)) {
    parts.push(text.slice(end, found.index));
    if (found[1] !== undefined) parts.push(found[1]);
    else if (found[2] !== undefined) parts.push(element("code", {}, found[2]));
    else parts.push(element("strong", {}, ...inline(found[3])));
    end = found.index + found[0].length;
  }
  return [...parts, text.slice(end)];
}

const cells = (line) => line.replace(/^\s*\|\s?|\s*\|\s*$/g, "").split(/(?<!\\)\|/).map((cell) => cell.trim());

function table(lines) {
  const [heads, rule, ...rows] = lines.map(cells);
  const align = rule.map((mark) => (mark.endsWith(":") ? "right" : "left"));
  const cell = (tag) => (text, at) => element(tag, { class: align[at] }, ...inline(text));
  const row = (tag) => (texts) => element("tr", {}, ...texts.map(cell(tag)));
  return element("table", {}, element("thead", {}, row("th")(heads)), element("tbody", {}, ...rows.map(row("td"))));
}

function block(lines) {
  if (lines[0].startsWith("|") && lines.length > 1) return table(lines);
  if (lines.every((line) => line.startsWith("- "))) {
    return element("ul", {}, ...lines.map((line) => element("li", {}, ...inline(line.slice(2)))));
  }
  const paragraph = element("p");
  for (const [at, line] of lines.entries()) {
    if (at) paragraph.append(element("br"));
    paragraph.append(...inline(line.trimEnd()));
  }
  return paragraph;
}

export function markdown(text) {
  const made = element("div", { class: "markdown" });
  let lines = [];
  let code = null;
  const flush = () => {
    if (lines.length) made.append(block(lines));
    lines = [];
  };
  for (const line of text.split("\n")) {
    if (line.startsWith("```")) {
      flush();
      if (code !== null) made.append(element("pre", {}, code.join("\n")));
      code = code === null ? [] : null;
    } else if (code !== null) code.push(line);
    else if (!line.trim()) flush();
    else if (lines.length && line.startsWith("|") !== lines[0].startsWith("|")) {
      flush();
      lines = [line];
    } else lines.push(line);
  }
  if (code !== null) made.append(element("pre", {}, code.join("\n")));
  flush();
  return made;
}
