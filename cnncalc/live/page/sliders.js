// Sliders for variables and input sizes. They change the text, as if it were typed.
import { element, byId } from "./words.js";

const made = new Map();  // by name: the row of the slider and its setting
let dragged = null;

export function showSliders(settings, change) {
  const form = byId("sliders");
  const names = settings.map((one) => `${one.kind} ${one.name}`);
  if (names.join("\n") !== [...made.keys()].join("\n")) {
    made.clear();
    settings.forEach((setting, at) => made.set(names[at], { setting, ...row(setting, names[at], change) }));
    form.replaceChildren(...[...made.values()].map((one) => one.label));
  }
  settings.forEach((setting, at) => update(made.get(names[at]), setting, names[at]));
}

export function mapSliders(changes) {
  for (const { setting } of made.values()) {
    const moved = ({ from, to }) => ({ from: changes.mapPos(from, -1), to: changes.mapPos(to, 1) });
    setting.places = setting.places.map(moved);
  }
}

function row(setting, key, change) {
  const slider = element("input", { type: "range", "aria-label": setting.name });
  const number = element("input", { type: "number", "aria-label": `${setting.name}, as a number` });
  const take = (input) => () => {
    if (!input.checkValidity() || input.value === "") return;
    slider.value = number.value = input.value;
    change(made.get(key).setting, input.value);
  };
  slider.addEventListener("input", take(slider));
  number.addEventListener("input", take(number));
  slider.addEventListener("pointerdown", () => { dragged = key; });
  slider.addEventListener("pointerup", () => { dragged = null; });
  const label = element("div", { class: "setting" }, element("span", {}, setting.name), slider, number);
  return { label, slider, number };
}

function update(one, setting, key) {
  one.setting = setting;
  one.number.min = setting.least;
  one.number.step = setting.step;
  if (key !== dragged) {  // its ends do not change while it is moved
    Object.assign(one.slider, { min: setting.least, max: setting.most, step: setting.step });
  }
  one.slider.value = setting.value;
  if (document.activeElement !== one.number) one.number.value = setting.value;  // somebody types there
}
