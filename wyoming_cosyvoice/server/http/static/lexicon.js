// The Words tab: edit, try and save the lines of the lexicon.
import { call, getJson } from "./api.js";
import { $, make } from "./dom.js";
import { showError } from "./errors.js";
import { t } from "./i18n.js";

let revision = null, audio = null, timer = null;

export function start() {
  $("lexicon").addEventListener("input", () => {
    $("lexicon-saved").textContent = "";
    clearTimeout(timer);
    timer = setTimeout(() => act(check), 400);
  });
  $("lexicon-form").addEventListener("submit", (event) => { event.preventDefault(); act(save); });
  $("lexicon-try").addEventListener("click", () => act(preview));
  $("lexicon-example").addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); act(preview); }
  });
}

/** Read the lines that are saved, unless others are being written. */
export async function refresh() {
  if (revision !== null) return;
  await act(async () => {
    const saved = await getJson("lexicon");
    $("lexicon").value = saved.text;
    revision = saved.revision;
    show(saved);
  });
}

async function act(what) {
  showError($("lexicon-error"), null);
  try { await what(); } catch (error) { showError($("lexicon-error"), error); }
}

async function ask(example) {
  const body = { text: $("lexicon").value, ...(example ? { example } : {}) };
  return (await call("lexicon/check", { method: "POST", body })).json();
}

const check = async () => show(await ask());

async function save() {
  const answer = await call("lexicon", { method: "PUT", body: { text: $("lexicon").value, revision } });
  const saved = await answer.json();
  revision = saved.revision;
  show(saved);
  $("lexicon-saved").textContent = t("lexiconSaved", saved.words);
}

/** Speak a word as the lines would have it, saved or not. */
async function preview() {
  const checked = await ask($("lexicon-example").value);
  show(checked);
  $("lexicon-spoken").textContent = t("lexiconSpoken", checked.spoken);
  const answer = await call("tts", { method: "POST", body: { text: checked.ssml, text_format: "ssml" } });
  audio?.pause();
  audio = new Audio(URL.createObjectURL(await answer.blob()));
  await audio.play();
}

function show({ problems }) {
  $("lexicon-problems").hidden = !problems.length;
  $("lexicon-problems").replaceChildren(...problems.map((problem) =>
    make("li", { textContent: problem.line ? t("lexiconLine", problem.line, `${problem.message} ${problem.remedy}`.trim()) : `${problem.message} ${problem.remedy}`.trim() })));
}
