// A voice says a sentence of its language at a touch, wherever its button is.
import { $, make } from "./dom.js";
import { EXAMPLES } from "./examples.js";
import { language, t } from "./i18n.js";
import { Player } from "./player.js";
import { open } from "./stream.js";
import { basesOf } from "./voice_facts.js";

const player = new Player();
let heard = null, running = null;  // the voice that speaks, and its request

player.addEventListener("change", () => {
  if (!player.isPlaying && !running) quiet();
});
document.addEventListener("language", () => document.querySelectorAll(".hear").forEach(label));

/** Make the button that lets a voice speak, or stops it. */
export function hearButton(voice, onError) {
  const icon = document.importNode($("hear-icon").content, true);
  const button = make("button", { type: "button", className: "hear", onclick: () => hear(voice, onError) }, icon);
  Object.assign(button.dataset, { voice: voice.id, name: voice.name, does: `preview ${voice.name}` });
  label(button);
  return button;
}

export function quiet() {
  running?.abort();
  heard = running = null;
  player.stop();
  document.querySelectorAll(".hear").forEach(label);
}

async function hear(voice, onError) {
  const wasHeard = heard === voice.id;
  quiet();
  if (wasHeard) return;
  // Whatever else is playing stops.
  document.dispatchEvent(new Event("hear"));
  const mine = running = new AbortController();
  heard = voice.id;
  document.querySelectorAll(".hear").forEach(label);
  player.wake();
  try {
    const { rate, pieces } = await open({ text: EXAMPLES[sampleLanguage(voice)][1], voice: voice.id }, mine.signal);
    player.open(rate);
    for await (const piece of pieces) player.add(piece);
    running = null;
    player.close();
  } catch (error) {
    if (running !== mine) return;  // stopped, or another voice speaks
    quiet();
    onError(error);
  }
}

/** The language of the page, if the voice speaks it. */
function sampleLanguage(voice) {
  const bases = basesOf(voice);
  return [language().split("-")[0], ...bases].find((tag) => bases.includes(tag) && EXAMPLES[tag]) ?? "en";
}

function label(button) {
  const isHeard = button.dataset.voice === heard;
  button.classList.toggle("running", isHeard);
  button.ariaLabel = `${t(isHeard ? "stop" : "preview")}: ${button.dataset.name}`;
  button.title = t(isHeard ? "stop" : "preview");
}
