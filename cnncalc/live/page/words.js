// Parts of the page: elements, messages, dialogs, menus.
export const byId = (id) => document.getElementById(id);

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name.startsWith("aria-")) made.setAttribute(name, value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

export const button = (text, action, attributes = {}) => (
  element("button", { type: "button", onclick: action, ...attributes }, text));

export function say(text) {  // a message that must not be missed
  const notice = byId("notice");
  notice.firstElementChild.textContent = text;
  notice.hidden = !text;
}

export function setText(node, text) {  // screen readers read a live region only if it changes
  if (node.textContent !== text) node.textContent = text;
}

export function openDialog(title, ...body) {
  const dialog = byId("dialog");
  byId("dialog-title").textContent = title;
  byId("dialog-body").replaceChildren(...body);
  if (!dialog.open) dialog.showModal();
  (byId("dialog-body").querySelector("input, textarea, button") ?? byId("dialog-close")).focus();
  return dialog;
}

export const closeDialog = () => byId("dialog").close();

function closeMenus(but = null) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== but) menu.open = false;
}

// The line between the panes: it is dragged, or moved with the arrows.
export function startSplitter() {
  const splitter = byId("splitter");
  const move = (percent) => {
    const value = Math.round(Math.min(80, Math.max(20, percent)));
    splitter.setAttribute("aria-valuenow", value);
    splitter.parentElement.style.setProperty("--editor", `${value}%`);
  };
  splitter.addEventListener("pointerdown", (event) => splitter.setPointerCapture(event.pointerId));
  splitter.addEventListener("pointermove", (event) => {
    if (splitter.hasPointerCapture(event.pointerId)) move((100 * event.clientX) / window.innerWidth);
  });
  splitter.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -2, ArrowRight: 2 }[event.key];
    if (step) move(Number(splitter.getAttribute("aria-valuenow")) + step);
  });
}

export function startMenus() {
  document.addEventListener("click", (event) => {
    const menu = event.target.closest?.("details.menu");
    closeMenus(event.target.closest?.(".menu button") ? null : menu);
  });
  document.addEventListener("focusin", (event) => closeMenus(event.target.closest("details.menu")));
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.firstElementChild.focus();
  });
  byId("notice").lastElementChild.addEventListener("click", () => say(""));
}
