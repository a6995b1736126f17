// What is wrong with the places of the texts of a picture, as the browser lays them out: a list of sentences.
(() => {
  const svg = document.querySelector("svg"), { width, height } = svg.viewBox.baseVal, wrong = [];
  const toView = svg.getScreenCTM().inverse();
  const extent = (element) => {
    const { x, y, width, height } = element.getBBox(), matrix = toView.multiply(element.getScreenCTM());
    const [one, other] = [[x, y], [x + width, y + height]].map((at) => new DOMPoint(...at).matrixTransform(matrix));
    return { left: one.x, top: one.y, right: other.x, bottom: other.y, text: element.dataset.layer ?? element.textContent };
  };
  const within = (inner, outer, slack) => inner.left >= outer.left - slack && inner.right <= outer.right + slack &&
    inner.top >= outer.top - slack && inner.bottom <= outer.bottom + slack;
  const all = (selector) => [...svg.querySelectorAll(selector)].map(extent);
  const view = { left: 0, top: 0, right: width, bottom: height };
  for (const one of all("rect, polygon, polyline, text"))
    if (!within(one, view, 0.1)) wrong.push(`'${one.text}' leaves the picture`);
  const texts = all("text").sort((one, other) => one.top - other.top);
  texts.forEach((one, number) => {
    for (let next = number + 1; next < texts.length && texts[next].top < one.bottom - 2; next++) {
      const other = texts[next];
      if (one.left < other.right - 0.5 && other.left < one.right - 0.5) wrong.push(`'${one.text}' is on '${other.text}'`);
    }
  });
  for (const box of all("rect[data-layer]"))
    for (const text of texts) {
      const [x, y] = [(text.left + text.right) / 2, (text.top + text.bottom) / 2];
      const starts = box.left < x && x < box.right && box.top < y && y < box.bottom;
      if (starts && !within(text, box, 0.5)) wrong.push(`'${text.text}' leaves the box ${box.text}`);
    }
  return wrong;
})()
