// The Voices tab: list voices, and make new ones from the microphone or a file.
import { call, getJson } from "./api.js";
import * as convert from "./convert.js";
import { ask } from "./dialog.js";
import { $, make, replaceRows, rowButton, setMessage } from "./dom.js";
import { modelsButton, showError } from "./errors.js";
import { EMOTIONS } from "./examples.js";
import { t } from "./i18n.js";
import { hearButton, quiet } from "./preview.js";
import { Recorder } from "./recorder.js";
import { base64Of, decodeFile, wavBlob } from "./sound.js";
import { languagesOf, personOf } from "./voice_facts.js";

const LANGUAGES = ["zh", "en", "ja", "yue", "ko"], EUROPEAN = ["de", "es", "fr", "it", "ru"];
const MOST_S = 60;

let known = { voices: [], abilities: [], cloning: { is_possible: true } };
let recorder = null, recording = null, levels = [], hooks = {}, audio = null, timer = null;

export function start(callbacks) {
  hooks = callbacks;
  convert.start();
  $("record").addEventListener("click", () => (recorder ? stopRecording() : startRecording()));
  $("file").addEventListener("change", () => take($("file").files[0]));
  $("drop").addEventListener("dragover", (event) => { event.preventDefault(); $("drop").classList.add("over"); });
  $("drop").addEventListener("dragleave", () => $("drop").classList.remove("over"));
  $("drop").addEventListener("drop", (event) => {
    event.preventDefault();
    $("drop").classList.remove("over");
    take(event.dataTransfer.files[0]);
  });
  $("voice-form").addEventListener("submit", (event) => { event.preventDefault(); makeVoice(); });
  document.addEventListener("language", translate);
  document.addEventListener("hear", () => audio?.pause());
}

export async function refresh() {
  clearTimeout(timer);
  try {
    known = await getJson("voices");
  } catch (error) {
    showError($("voice-error"), error);
    return;
  }
  translate();
  if (known.voices.some((voice) => ["waiting", "listening"].includes(voice.state))) timer = setTimeout(refresh, 1000);
}

function translate() {
  const checked = new Set([...document.querySelectorAll("#voice-languages :checked")].map((box) => box.value));
  // Only some models speak these: offer them where a voice does.
  const spoken = new Set(known.voices.flatMap((voice) => voice.languages));
  const offered = [...LANGUAGES, ...EUROPEAN.filter((tag) => spoken.has(tag))];
  $("voice-languages").replaceChildren(...offered.map((tag) => make("label", {},
    make("input", { type: "checkbox", value: tag, checked: checked.has(tag) }), t(tag))));
  const emotion = $("voice-emotion").value || "neutral";
  $("voice-emotion").replaceChildren(...EMOTIONS.map((name) => make("option", { value: name, textContent: t(name) })));
  $("voice-emotion").value = emotion;
  $("record-label").textContent = t(recorder ? "recordStop" : "record");
  list();
}

function list() {
  hooks.onVoices(known.voices, known.abilities);
  const { is_possible: isPossible, reason } = known.cloning;
  $("voice-form").hidden = !isPossible;
  convert.setVoices(known.voices, isPossible);
  $("no-cloning").hidden = isPossible;
  // Without a reason, the server stores no voices, and no model would help.
  $("no-cloning-text").textContent = t(reason ? "cloneNeeds" : "keepsNoVoices");
  $("no-cloning-do").replaceChildren(...(reason ? [modelsButton(t("getCloning"))] : []));
  $("make").disabled = !isPossible || !recording;
  const own = known.voices.filter((voice) => voice.is_own);
  replaceRows($("voice-list"), [...own, ...known.voices.filter((voice) => !voice.is_own)].map(card));
}

function card(voice) {
  const tag = voice.state !== "ready"
    ? make("span", { className: `tag ${["failed", "unusable"].includes(voice.state) ? "bad" : ""}`, textContent: t(voice.state) })
    : voice.is_own ? make("span", { className: "tag good", textContent: t("own") }) : null;
  const who = personOf(voice), isReady = voice.state === "ready";
  return make("li", {},
    isReady ? hearButton(voice, (error) => showError($("voice-error"), error))
      : make("div", { className: "face", ariaHidden: "true", textContent: [...voice.name][0]?.toUpperCase() ?? "?" }),
    make("div", { className: "what" },
      make("div", { className: "title" }, voice.name, tag),
      who ? make("div", { textContent: who }) : null,
      make("div", { className: "quiet", textContent: languagesOf(voice) }),
      ...(voice.notices ?? []).map((notice) => make("div", { className: "quiet", textContent: `⚠ ${notice}` }))),
    make("div", { className: "buttons" },
      isReady ? rowButton("try", voice.name, { textContent: t("try"), onclick: () => hooks.onTry(voice.id) }) : null,
      voice.is_own ? rowButton("listen", voice.name, { textContent: t("listen"), onclick: () => listen(voice) }) : null,
      voice.is_own ? rowButton("delete", voice.name, { className: "danger", textContent: t("delete"), onclick: () => remove(voice) }) : null));
}

async function listen(voice) {
  quiet();
  audio?.pause();
  try {
    const answer = await call(`voices/${encodeURIComponent(voice.id)}/sample`);
    audio = new Audio(URL.createObjectURL(await answer.blob()));
    await audio.play();
  } catch (error) { showError($("voice-error"), error); }
}

async function remove(voice) {
  if (!(await ask(t("deleteSure", voice.name), t("delete")))) return;
  try {
    await call(`voices/${encodeURIComponent(voice.id)}`, { method: "DELETE" });
  } catch (error) { showError($("voice-error"), error); }
  refresh();
}

async function startRecording() {
  setMessage($("voice-error"), "");
  if (!navigator.mediaDevices) return setMessage($("voice-error"), t("insecure"));
  const started = recorder = new Recorder();
  levels = [];
  try {
    await started.start((level) => {
      if (recorder !== started) return;  // it was stopped, and its last piece comes late
      levels.push(level);
      drawLevels();
      $("recording-state").textContent = t("recorded", started.seconds.toFixed(1));
      if (started.seconds >= MOST_S) stopRecording();
    });
  } catch (error) {
    recorder = null;
    return setMessage($("voice-error"), t("noMicrophone", error.message));
  }
  $("record").classList.add("recording");
  $("record-label").textContent = t("recordStop");
}

async function stopRecording() {
  const finished = recorder;
  recorder = null;
  $("record").classList.remove("recording");
  $("record-label").textContent = t("record");
  setRecording(await finished.stop());
}

async function take(file) {
  if (!file) return;
  setMessage($("voice-error"), "");
  try {
    setRecording(await decodeFile(file));
    $("voice-name").value ||= file.name.replace(/\.[^.]*$/, "").slice(0, 60);
  } catch { setMessage($("voice-error"), t("badFile")); }
}

function setRecording({ samples, rate }) {
  recording = wavBlob(samples, rate);
  const each = Math.max(1, Math.floor(samples.length / 200));
  levels = Array.from({ length: Math.floor(samples.length / each) }, (_, i) =>
    samples.subarray(i * each, (i + 1) * each).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0));
  drawLevels();
  $("recording").src = URL.createObjectURL(recording);
  $("recording").hidden = false;
  $("recording-state").textContent = t("recorded", (samples.length / rate).toFixed(1));
  $("make").disabled = !known.cloning.is_possible;
}

function drawLevels() {
  const canvas = $("level");
  canvas.hidden = false;
  Object.assign(canvas, { width: canvas.clientWidth, height: canvas.clientHeight });
  const context = canvas.getContext("2d"), bars = Math.floor(canvas.width / 4);
  context.fillStyle = "#8e7fff";
  levels.slice(-bars).forEach((level, i) => {
    const size = Math.max(2, level * canvas.height);
    context.fillRect(i * 4, (canvas.height - size) / 2, 3, size);
  });
}

async function makeVoice() {
  if (!recording) return;
  setMessage($("voice-error"), "");
  if (!$("voice-name").value.trim()) return setMessage($("voice-error"), t("nameWanted"));
  setMessage($("voice-done"), t("making"));
  $("make").disabled = true;
  try {
    const languages = [...document.querySelectorAll("#voice-languages :checked")].map((box) => box.value);
    const answer = await call("voices", {
      method: "POST",
      body: {
        name: $("voice-name").value, recording: await base64Of(recording), transcript: $("transcript").value || null,
        languages: languages.length ? languages : null, emotion: $("voice-emotion").value,
      },
    });
    const made = await answer.json();
    setMessage($("voice-done"), [t("made", made.name), ...made.notices].join(" "));
    clearForm();
  } catch (error) {
    setMessage($("voice-done"), "");
    showError($("voice-error"), error);
  }
  await refresh();
}

/** Be ready for the next voice. */
function clearForm() {
  recording = null;
  levels = [];
  $("voice-form").reset();
  $("level").hidden = $("recording").hidden = true;
  $("recording").removeAttribute("src");
  $("recording-state").textContent = "";
}
