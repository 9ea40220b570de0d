// The first tab: a text becomes sound, seen and heard while it is made.
import { call } from "./api.js";
import { $, make, rowButton, say } from "./dom.js";
import { t } from "./i18n.js";
import { Player } from "./player.js";
import { Scope } from "./scope.js";
import { wavBlob } from "./sound.js";

export const EMOTIONS = ["neutral", "happy", "sad", "angry"];
const EXAMPLES = [
  ["zh", "普通话", "今天气温21.5°C，适合出门散步。"],
  ["en", "English", "Good evening! It is 21.5°C in the living room, and the lights are off."],
  ["ja", "日本語", "おはようございます。今日はいい天気ですね。"],
  ["yue", "粵語", "你好，今日天氣好好，不如出去行下啦。"],
  ["ko", "한국어", "안녕하세요. 오늘 날씨가 정말 좋네요."],
];

const player = new Player();
let scope, voices = [], running = null, shown = null, frame = null;

export function start() {
  scope = new Scope($("waveform"), $("spectrogram"), $("playhead"), $("scope-empty"));
  for (const [tag, name, sentence] of EXAMPLES) {
    $("examples").append(make("button", {
      type: "button", textContent: name, lang: tag,
      onclick: () => { $("text").value = sentence; countText(); $("text").focus(); },
    }));
  }
  $("text").addEventListener("input", countText);
  $("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) $("speak-form").requestSubmit();
  });
  $("speed").addEventListener("input", () => { $("speed-shown").textContent = `${(+$("speed").value).toFixed(2)}×`; });
  $("voice").addEventListener("change", noteEmotion);
  $("emotion").addEventListener("change", noteEmotion);
  $("speak-form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (running) running.abort(); else generate();
  });
  $("play").addEventListener("click", () => (player.isPlaying ? player.stop() : player.play()));
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
    else if (event.key === " " || event.key === "Enter") player.isPlaying ? player.stop() : player.play(player.time);
    else return;
    event.preventDefault();
  });
  player.addEventListener("change", follow);
  document.addEventListener("language", translate);
}

export function setVoices(all) {
  voices = all.filter((voice) => voice.state === "ready");
  const chosen = $("voice").value;
  $("voice").replaceChildren(make("option", { value: "", textContent: t("automatic") }), ...voices.map(
    (voice) => make("option", { value: voice.id, textContent: voice.is_own ? `★ ${voice.name}` : voice.description }),
  ));
  $("voice").value = voices.some((voice) => voice.id === chosen) ? chosen : "";
  noteEmotion();
}

export function choose(id) {
  $("voice").value = id;
  noteEmotion();
  $("text").focus();
}

function translate() {
  const emotion = $("emotion").value;
  $("emotion").replaceChildren(...EMOTIONS.map((name) => make("option", { value: name, textContent: t(name) })));
  $("emotion").value = emotion || "neutral";
  $("rtf-name").title = t("rtfHelp");
  setVoices(voices);
  countText();
  follow();
  showRunning();
}

function noteEmotion() {
  const voice = voices.find((one) => one.id === $("voice").value) || voices[0];
  const isPlain = $("emotion").value === "neutral" || !voice;
  say($("speak-note"), isPlain ? "" : t(`by_${voice.emotion_by}`));
}

function countText() {
  const { length } = $("text").value;
  $("count").textContent = length ? t("characters", length) : "";
}

function showRunning() {
  $("generate-label").textContent = t(running ? "stopIt" : "generate");
}

async function generate() {
  running = new AbortController();
  showRunning();
  say($("speak-error"), "");
  player.wake();
  player.stop();
  scope.clear();
  shown = null;
  $("download").setAttribute("aria-disabled", "true");
  for (const id of ["first-audio", "rtf", "size"]) $(id).textContent = "–";
  const entry = { text: $("text").value, voice: $("voice").selectedOptions[0].textContent };
  try {
    await receive(entry, {
      text: entry.text, voice: $("voice").value || null, emotion: $("emotion").value,
      speed: +$("speed").value, format: "pcm", stream: true,
    });
  } catch (error) {
    if (error.name !== "AbortError") say($("speak-error"), error.message);
    player.stop();
  }
  player.close();
  running = null;
  showRunning();
  if (player.samples.length) keep({ ...entry, samples: player.samples, rate: player.rate });
}

async function receive(entry, body) {
  const began = performance.now();
  const answer = await call("tts", { method: "POST", body, signal: running.signal });
  player.open(+answer.headers.get("X-Sample-Rate"));
  const reader = answer.body.getReader();
  let half = new Uint8Array(0);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const bytes = new Uint8Array(half.length + value.length);
    bytes.set(half);
    bytes.set(value, half.length);
    const even = bytes.length & ~1;
    half = bytes.slice(even);
    if (!even) continue;
    if (!player.samples.length) entry.firstAudio = (performance.now() - began) / 1000;
    const view = new DataView(bytes.buffer);
    player.add(Float32Array.from({ length: even / 2 }, (_, i) => view.getInt16(2 * i, true) / 32768));
    scope.show(player.samples, player.rate);
    entry.rtf = (performance.now() - began) / 1000 / player.duration;
    showFigures(entry);
  }
  $("announce").textContent = t("spoken", player.duration.toFixed(1));
}

function showFigures(entry) {
  $("first-audio").textContent = entry.firstAudio === undefined ? "–" : `${entry.firstAudio.toFixed(2)} s`;
  $("rtf").textContent = entry.rtf === undefined ? "–" : entry.rtf.toFixed(2);
  $("size").textContent = `${player.duration.toFixed(1)} s`;
  $("play").disabled = !player.samples.length;
  follow();
}

function keep(entry) {
  entry.url = URL.createObjectURL(wavBlob(entry.samples, entry.rate));
  shown = entry;
  offer(entry);
  $("history-part").hidden = false;
  $("history").prepend(make("li", {},
    make("div", { className: "what" },
      make("div", { className: "title clip", textContent: entry.text }),
      make("div", { className: "quiet", textContent: `${entry.voice} · ${(entry.samples.length / entry.rate).toFixed(1)} s` })),
    make("div", { className: "buttons" },
      rowButton("play", entry.text, { textContent: t("play"), onclick: () => recall(entry) }),
      make("a", { className: "button", textContent: "WAV", ariaLabel: `WAV: ${entry.text}`, href: entry.url, download: fileName(entry) }))));
}

function recall(entry) {
  if (running) return;
  shown = entry;
  player.load(entry.samples, entry.rate);
  scope.clear();
  scope.show(entry.samples, entry.rate);
  showFigures(entry);
  offer(entry);
  player.play();
}

function offer(entry) {
  Object.assign($("download"), { href: entry.url, download: fileName(entry) });
  $("download").removeAttribute("aria-disabled");
}

const fileName = ({ text }) => `${text.slice(0, 30).replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "speech"}.wav`;

function follow() {
  const { time, duration, isPlaying } = player;
  $("play").classList.toggle("playing", isPlaying);
  $("play").setAttribute("aria-label", t(isPlaying ? "stop" : "play"));
  $("time").textContent = `${time.toFixed(1)} / ${duration.toFixed(1)} s`;
  $("scope").setAttribute("aria-valuemax", duration.toFixed(1));
  $("scope").setAttribute("aria-valuenow", time.toFixed(1));
  $("scope").setAttribute("aria-valuetext", $("time").textContent);
  scope.setTime(time, isPlaying || time > 0);
  cancelAnimationFrame(frame);
  if (isPlaying) frame = requestAnimationFrame(follow);
}
