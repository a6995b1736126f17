// The editor: CodeMirror, with hints, lenses, problems and completions from Python.
import {
  Annotation, Compartment, Decoration, EditorState, EditorView, HighlightStyle, StateEffect, StateField, Text,
  WidgetType, autocompletion, bracketMatching, closeBrackets, closeBracketsKeymap, completionKeymap, defaultKeymap,
  drawSelection, dropCursor, foldGutter, foldKeymap, highlightActiveLine, highlightActiveLineGutter,
  highlightSelectionMatches, highlightSpecialChars, history, historyKeymap, hoverTooltip, indentLess, indentMore,
  indentOnInput, indentUnit, keymap, lineNumbers, lintGutter, lintKeymap, search, searchKeymap, setDiagnostics,
  syntaxHighlighting, tags, yaml,
} from "./codemirror.js";
import { element } from "./words.js";
import { markdown } from "./markdown.js";

export const offsetOf = (doc, { line, character }) => {
  if (line >= doc.lines) return doc.length;
  const found = doc.line(line + 1);
  return Math.min(found.from + character, found.to);
};
export const placeOf = (doc, offset) => {
  const line = doc.lineAt(offset);
  return { line: line.number - 1, character: offset - line.from };
};

const setHints = StateEffect.define();
const setLens = StateEffect.define();
const endings = new Compartment();
export const fromOutside = Annotation.define();  // a text that comes from another program or a menu

class HintWidget extends WidgetType {
  constructor(hint) { super(); this.hint = hint; }
  eq(other) { return other.hint.label === this.hint.label; }
  toDOM() { return element("span", { class: "hint", "aria-hidden": "true" }, this.hint.label); }
  ignoreEvent() { return false; }
}

class LensWidget extends WidgetType {
  constructor(label) { super(); this.label = label; }
  eq(other) { return other.label === this.label; }
  toDOM() { return element("div", { class: "lens", "aria-hidden": "true" }, this.label); }
}

const decorations = (effect) => StateField.define({
  create: () => Decoration.none,
  update(value, transaction) {
    const found = transaction.effects.find((one) => one.is(effect));
    return found ? found.value : value.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});
const hints = decorations(setHints);
const lens = decorations(setLens);

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--key)" },
  { tag: tags.comment, color: "var(--faint)", fontStyle: "italic" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--string)" },
  { tag: [tags.content, tags.attributeValue], color: "var(--value)" },
  { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace], color: "var(--sign)" },
  { tag: [tags.keyword, tags.typeName, tags.labelName], color: "var(--key)" },
]);

export function diagnostics(doc, problems, apply) {
  return problems.map((one) => ({
    from: offsetOf(doc, one.range.start),
    to: Math.max(offsetOf(doc, one.range.end), offsetOf(doc, one.range.start)),
    severity: one.severity === "note" ? "info" : one.severity,
    source: one.rule,
    message: one.message,
    actions: one.fixes.map((fix) => ({ name: fix.title, apply: () => apply(fix.changes, doc) })),
  }));
}

export function startEditor(parent, text, on) {
  const hovered = hoverTooltip(async (view, pos, side) => {
    const line = view.state.doc.lineAt(pos);
    const hint = side > 0 && pos === line.to ? hintAt(view, line.to) : null;
    if (hint) return tooltip(pos, pos, hint.tooltip);
    const answer = await on.ask({ ask: "hover", position: placeOf(view.state.doc, pos) });
    if (!answer.markdown) return null;
    const [start, end] = [answer.range.start, answer.range.end].map((place) => offsetOf(view.state.doc, place));
    return tooltip(start, end, answer.markdown);
  }, { hoverTime: 300 });
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: linesOf(text),
      extensions: [
        endings.of(ending(text)), lineNumbers(), foldGutter({ markerDOM }), lintGutter(), highlightSpecialChars(),
        history(), drawSelection(), dropCursor(), indentOnInput(), indentUnit.of("  "), bracketMatching(),
        closeBrackets(), highlightActiveLine(), highlightActiveLineGutter(), highlightSelectionMatches(),
        search({ top: true }), yaml(), syntaxHighlighting(colours), hints, lens, hovered,
        autocompletion({ override: [(context) => complete(context, on)], icons: false }),
        keymap.of([
          ...on.keys, { key: "Tab", run: indentMore, shift: indentLess }, ...closeBracketsKeymap, ...defaultKeymap,
          ...searchKeymap, ...historyKeymap, ...foldKeymap, ...completionKeymap, ...lintKeymap,
        ]),
        EditorView.contentAttributes.of({ "aria-label": "the spec, in YAML", spellcheck: "false" }),
        EditorView.domEventHandlers({ drop: (event) => event.dataTransfer.files.length > 0 }),
        EditorView.updateListener.of((update) => on.update(update)),
      ],
    }),
  });
  return view;
}

const markerDOM = (open) => element("span", { class: "folds", title: open ? "Fold" : "Unfold" }, open ? "▾" : "▸");

const linesOf = (text) => Text.of(text.split(/\r\n?|\n/));

const ending = (text) => (/\r\n/.test(text) ? EditorState.lineSeparator.of("\r\n") : []);

function tooltip(pos, end, text) {
  return { pos, end, above: true, create: () => ({ dom: element("div", { class: "said" }, markdown(text)) }) };
}

function hintAt(view, pos) {
  let found = null;
  view.state.field(hints).between(pos, pos, (from, to, value) => { found = value.spec.widget.hint; });
  return found;
}

async function complete(context, on) {
  const word = context.matchBefore(/\w+/);
  if (!word && !context.explicit) return null;
  const doc = context.state.doc;
  const answer = await on.ask({ ask: "complete", position: placeOf(doc, context.pos) });
  if (!answer.items?.length) return null;
  const info = (text) => (text ? () => element("pre", { class: "doc" }, text) : undefined);
  return {
    from: offsetOf(doc, answer.items[0].from),
    options: answer.items.map((one, at) => ({
      label: one.label, detail: one.detail, type: one.sort, apply: one.insert, info: info(one.documentation),
      boost: -Math.min(at, 99),  // keeps their order
    })),
    validFor: /^\w*$/,
  };
}

export function showHints(view, found, above) {
  const doc = view.state.doc;
  const widget = (made, options, place) => Decoration.widget({ widget: made, ...options }).range(place);
  const beside = (hint) => widget(new HintWidget(hint), { side: 1 }, doc.line(hint.line + 1).to);
  const effects = [setHints.of(Decoration.set(found.filter((hint) => hint.line < doc.lines).map(beside), true))];
  if (above !== undefined) {  // undefined keeps the old one, null removes it
    const line = (one) => widget(new LensWidget(one.label), { block: true, side: -1 }, doc.line(one.line + 1).from);
    effects.push(setLens.of(Decoration.set(above ? [line(above)] : [])));
  }
  view.dispatch({ effects });
}

export function showProblems(view, found) {
  view.dispatch(setDiagnostics(view.state, found));
}

export const textOfEditor = (view) => view.state.sliceDoc();

export function makeChanges(view, changes) {
  const doc = view.state.doc;
  view.dispatch({
    changes: changes.map(({ range, text }) => (
      { from: offsetOf(doc, range.start), to: offsetOf(doc, range.end), insert: linesOf(text) })),
    scrollIntoView: false,
  });
}

// Another text in place of this one. With `keep` what is the same at both ends stays untouched, and the cursor with it.
export function replaceText(view, text, keep = false) {
  const [old, fresh] = [view.state.doc, linesOf(text)];
  const [head, foot] = keep ? same(old.toString(), fresh.toString()) : [0, 0];
  view.dispatch({
    changes: { from: head, to: old.length - foot, insert: fresh.slice(head, fresh.length - foot) },
    effects: endings.reconfigure(ending(text)),
    annotations: fromOutside.of(true),
    ...(keep ? {} : { selection: { anchor: 0 }, scrollIntoView: true }),
  });
}

function same(old, fresh) {  // the lengths of the equal beginning and the equal end
  const most = Math.min(old.length, fresh.length);
  let [head, foot] = [0, 0];
  while (head < most && old[head] === fresh[head]) head += 1;
  while (foot < most - head && old.at(-1 - foot) === fresh.at(-1 - foot)) foot += 1;
  return [head, foot];
}

export function goTo(view, place) {
  const offset = offsetOf(view.state.doc, place);
  view.dispatch({ selection: { anchor: offset }, effects: EditorView.scrollIntoView(offset, { y: "center" }) });
  view.focus();
}
