// Requests to Python, one after another, because the answers are about one open text.
const kind = document.querySelector('meta[name="cnncalc-transport"]').content;
await import(`./${kind}_transport.js`);  // sets window.cnncalc.ask

let last = Promise.resolve();
let waiting = 0;

function wait(change) {  // shows that an answer takes long
  waiting += change;
  setTimeout(() => document.body.classList.toggle("busy", waiting > 0), 500);
}

export function ask(request) {
  const failed = (error) => ({ error: `no answer: ${error.message}` });
  const answer = last.then(() => window.cnncalc.ask(request)).catch(failed);
  last = answer;
  wait(1);
  answer.then(() => wait(-1));
  return answer;
}
