// The Speak tab: stream a text's sound, play and show it while it arrives.
import { $, make, setMessage } from "./dom.js";
import { modelsButton, showError, showSkipped } from "./errors.js";
import { EMOTIONS, EXAMPLES, INSTRUCTIONS, RARE } from "./examples.js";
import * as history from "./history.js";
import { language, t } from "./i18n.js";
import { saveField, savedField } from "./storage.js";
import { Player } from "./player.js";
import { quiet } from "./preview.js";
import { Scope } from "./scope.js";
import { open } from "./stream.js";
import * as uses from "./uses.js";
import * as choice from "./voice_choice.js";
import { basesOf } from "./voice_facts.js";

const FIELDS = ["text", "speed", "emotion", "instruct"];

const player = new Player();
let scope, voices = [], running = null, frame = null;

export function start() {
  scope = new Scope($("waveform"), $("spectrogram"), $("playhead"));
  for (const name of FIELDS) {
    $(name).value = savedField(name) ?? $(name).value;
    $(name).addEventListener("input", () => saveField(name, $(name).value));
  }
  $("text").addEventListener("input", countText);
  $("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) $("speak-form").requestSubmit();
  });
  $("speed").addEventListener("input", showSpeed);
  choice.start({ onChange: noteEmotion, onError: (error) => showError($("speak-error"), error) });
  $("emotion").addEventListener("change", noteEmotion);
  $("speak-form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (running) running.abort(); else generate();
  });
  $("try-it").addEventListener("click", () => {
    if (!$("text").value.trim()) write(EXAMPLES[firstLanguage()][1]);
    $("speak-form").requestSubmit();
  });
  $("play").addEventListener("click", () => (player.isPlaying ? player.stop() : player.play()));
  listenToScope();
  player.addEventListener("change", follow);
  player.addEventListener("change", () => { if (player.isPlaying) quiet(); });
  document.addEventListener("hear", () => player.stop());
  document.addEventListener("language", translate);
  uses.start();
  history.start(recall);
  showSpeed();
}

function listenToScope() {
  $("scope").addEventListener("click", (event) => {
    if (!player.duration || running) return;
    const box = $("scope").getBoundingClientRect();
    player.play(((event.clientX - box.left) / box.width) * player.duration);
  });
  $("scope").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 0.5, ArrowLeft: -0.5 }[event.key];
    const end = { Home: 0, End: player.duration }[event.key];
    if (!player.duration || running) return;
    if (step) player.play(Math.max(0, Math.min(player.duration, player.time + step)));
    else if (end !== undefined) player.restAt(end);
    else if (event.key === " " || event.key === "Enter") player.isPlaying ? player.stop() : player.play();
    else return;
    event.preventDefault();
  });
}

const spokenLanguages = () => new Set(voices.flatMap(basesOf));

function firstLanguage() {
  const spoken = spokenLanguages(), wanted = language().split("-")[0];
  return [wanted, "en", ...spoken].find((tag) => spoken.has(tag) && EXAMPLES[tag]) ?? "en";
}

function write(text) {
  $("text").value = text;
  saveField("text", text);
  countText();
}

/** Offer the voices, and what the model in use can do beside its languages. */
export function setVoices(all, abilities) {
  $("instruct-label").hidden = !abilities.includes("instruct");
  $("instructions").replaceChildren(...(abilities.includes("sounds") ? INSTRUCTIONS : []).map((value) => make("option", { value })));
  showVoices(all);
}

function showVoices(all) {
  voices = all.filter((voice) => voice.state === "ready");
  choice.offer(voices);
  showExamples();
  noteEmotion();
}

/** A language that the model does not read is marked, and says what to do. */
function showExamples() {
  const spoken = spokenLanguages();
  const offered = Object.entries(EXAMPLES).filter(([tag]) => spoken.has(tag) || !RARE.has(tag));
  $("examples").replaceChildren(...offered.map(([tag, [name, sentence]]) => {
    const isRead = !spoken.size || spoken.has(tag);
    return make("button", {
      type: "button", lang: tag, textContent: isRead ? name : `${name} ↓`, title: isRead ? "" : t("needsLarger", t(tag)),
      className: isRead ? "" : "larger",
      onclick: () => (isRead ? (write(sentence), $("text").focus()) : askForLarger(tag)),
    });
  }));
}

function askForLarger(tag) {
  $("speak-error").hidden = false;
  $("speak-error").replaceChildren(make("span", { textContent: t("needsLarger", t(tag)) }), modelsButton());
}

export function choose(id) {
  choice.choose(id);
  noteEmotion();
  $("text").focus();
}

function translate() {
  const emotion = $("emotion").value || savedField("emotion");
  $("emotion").replaceChildren(...EMOTIONS.map((name) => make("option", { value: name, textContent: t(name) })));
  $("emotion").value = EMOTIONS.includes(emotion) ? emotion : "neutral";
  showVoices(voices);
  countText();
  follow();
  showRunning();
  showError($("speak-error"), null);
}

function noteEmotion() {
  const voice = choice.chosen() ?? voices[0];
  const isPlain = $("emotion").value === "neutral" || !voice;
  setMessage($("speak-note"), isPlain ? "" : t(`by_${voice.emotion_by}`));
}

function countText() {
  const { length } = $("text").value;
  const hasKeys = !matchMedia("(pointer: coarse)").matches;
  $("count").textContent = length ? t("characters", length) : hasKeys ? t("shortcut") : "";
}

const showSpeed = () => { $("speed-shown").textContent = `${(+$("speed").value).toFixed(2)}×`; };

function showRunning() {
  $("generate-label").textContent = t(running ? "stopIt" : "generate");
  $("generate").classList.toggle("running", Boolean(running));
}

/** Show the sound's part of the page, or the words that stand there before any sound. */
function showSound(isThere) {
  $("sound").hidden = !isThere;
  $("scope-empty").hidden = isThere;
  document.body.classList.toggle("has-sound", isThere);
}

async function generate() {
  player.wake();
  // Clear the previous sound, so that it cannot be taken for this text's.
  player.load(new Float32Array(0), player.rate);
  scope.clear();
  uses.offer(null);
  showSound(false);
  showError($("speak-error"), null);
  const text = $("text").value;
  if (!text.trim()) return showError($("speak-error"), { code: "bad-parameter", field: "text" });
  running = new AbortController();
  showRunning();
  const entry = {
    at: Date.now(), text, voice: choice.chosen()?.name ?? t("automatic"),
    request: {
      text, voice: choice.chosen()?.id ?? null, emotion: $("emotion").value, speed: +$("speed").value,
      ...(!$("instruct-label").hidden && $("instruct").value.trim() ? { instruct: $("instruct").value.trim() } : {}),
      // With the same seed, another format has the same sound.
      seed: Math.floor(Math.random() * 2 ** 32),
    },
  };
  try {
    await receive(entry);
  } catch (error) {
    if (error.name !== "AbortError") showError($("speak-error"), error, text);
    player.stop();
  }
  player.close();
  running = null;
  showRunning();
  if (!player.samples.length) return;
  Object.assign(entry, { samples: player.samples.slice(), rate: player.rate });
  history.add(entry);
  uses.offer(entry);
}

async function receive(entry) {
  const began = performance.now();
  const { rate, skipped, pieces } = await open(entry.request, running.signal);
  player.open(rate);
  showSkipped($("speak-error"), skipped);
  for await (const piece of pieces) {
    if (!player.samples.length) entry.firstAudio = (performance.now() - began) / 1000;
    player.add(piece);
    scope.show(player.samples, player.rate);
    entry.rtf = (performance.now() - began) / 1000 / player.duration;
    showSound(true);
    showFigures(entry);
  }
  $("announce").textContent = t("spoken", player.duration.toFixed(1));
}

function showFigures(entry) {
  $("first-audio").textContent = entry.firstAudio === undefined ? "–" : `${entry.firstAudio.toFixed(2)} s`;
  $("rtf").textContent = pace(entry.rtf);
  $("rtf").title = entry.rtf === undefined ? "" : t("rtfHelp", entry.rtf.toFixed(2));
  $("size").textContent = `${player.duration.toFixed(1)} s`;
  $("play").disabled = !player.samples.length;
  follow();
}

function pace(rtf) {
  if (rtf === undefined) return "–";
  return rtf < 1 ? t("faster", (1 / rtf).toFixed(1)) : t("slower", rtf.toFixed(1));
}

function recall(entry) {
  if (running) return;
  player.load(entry.samples, entry.rate);
  scope.clear();
  showSound(true);
  scope.show(entry.samples, entry.rate);
  showFigures(entry);
  uses.offer(entry);
  player.play();
}

function follow() {
  const { time, duration, isPlaying } = player;
  $("play").classList.toggle("playing", isPlaying);
  $("play").setAttribute("aria-label", t(isPlaying ? "pause" : "play"));
  $("time").textContent = `${time.toFixed(1)} / ${duration.toFixed(1)} s`;
  $("scope").setAttribute("aria-valuemax", duration.toFixed(1));
  $("scope").setAttribute("aria-valuenow", time.toFixed(1));
  $("scope").setAttribute("aria-valuetext", $("time").textContent);
  scope.setTime(time, isPlaying || time > 0);
  cancelAnimationFrame(frame);
  if (isPlaying) frame = requestAnimationFrame(follow);
}
