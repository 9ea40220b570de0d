// Speeches of this browser, newest first; they survive a reload.
import { $, make, rowButton } from "./dom.js";
import { t } from "./i18n.js";
import { clearSpeeches, saveSpeech, savedSpeeches } from "./storage.js";

let entries = [], onRecall = () => {};

export function start(recall) {
  onRecall = recall;
  document.addEventListener("language", list);
  $("forget").addEventListener("click", () => { entries = []; clearSpeeches(); list(); });
  savedSpeeches().then((saved) => { entries = [...entries, ...saved.reverse()]; list(); });
}

export function add(entry) {
  entries.unshift(entry);
  saveSpeech(entry);
  list();
}

function list() {
  $("history-part").hidden = !entries.length;
  $("history").replaceChildren(...entries.slice(0, 20).map((entry) => make("li", {},
    make("div", { className: "what" },
      make("div", { className: "title clip", textContent: entry.text }),
      make("div", { className: "quiet", textContent: `${entry.voice} · ${(entry.samples.length / entry.rate).toFixed(1)} s` })),
    make("div", { className: "buttons" },
      rowButton("play", entry.text, { textContent: t("play"), onclick: () => onRecall(entry) })))));
}
