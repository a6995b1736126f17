// What codemirror.js offers; codemirror.sh builds it of this file.
export { EditorState, EditorSelection, StateEffect, StateField, RangeSet, RangeSetBuilder, Compartment, Annotation, Transaction } from "@codemirror/state";
export {
  EditorView, Decoration, ViewPlugin, WidgetType, GutterMarker, keymap, lineNumbers, highlightActiveLine, highlightActiveLineGutter,
  highlightSpecialChars, drawSelection, dropCursor, hoverTooltip, showTooltip, rectangularSelection, crosshairCursor, closeHoverTooltips,
} from "@codemirror/view";
export {
  HighlightStyle, syntaxHighlighting, bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit, codeFolding,
} from "@codemirror/language";
export { defaultKeymap, history, historyKeymap, indentMore, indentLess } from "@codemirror/commands";
export { search, searchKeymap, highlightSelectionMatches } from "@codemirror/search";
export { autocompletion, completionKeymap, closeBrackets, closeBracketsKeymap, startCompletion } from "@codemirror/autocomplete";
export { lintGutter, setDiagnostics, lintKeymap, forEachDiagnostic } from "@codemirror/lint";
export { yaml } from "@codemirror/lang-yaml";
export { tags } from "@lezer/highlight";
