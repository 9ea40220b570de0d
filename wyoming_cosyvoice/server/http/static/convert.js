// The form that says the words of a recording in another voice.
import { call } from "./api.js";
import { $, make, setMessage } from "./dom.js";
import { showError } from "./errors.js";
import { t } from "./i18n.js";
import { base64Of, decodeFile, wavBlob } from "./sound.js";

let recording = null;

export function start() {
  $("convert-file").addEventListener("change", take);
  $("convert-form").addEventListener("submit", (event) => { event.preventDefault(); convert(); });
}

/** The form is there for models that can listen to recordings. */
export function setVoices(voices, isPossible) {
  const chosen = $("convert-voice").value;
  $("convert-form").hidden = !isPossible;
  $("convert-voice").replaceChildren(...voices.filter((voice) => voice.state === "ready").map(
    (voice) => make("option", { value: voice.id, textContent: voice.is_own ? `★ ${voice.name}` : voice.description || voice.name })));
  if (voices.some((voice) => voice.id === chosen)) $("convert-voice").value = chosen;
}

async function take() {
  const [file] = $("convert-file").files;
  if (!file) return;
  showError($("convert-error"), null);
  try {
    const { samples, rate } = await decodeFile(file);
    recording = wavBlob(samples, rate);
    setMessage($("convert-state"), t("recorded", (samples.length / rate).toFixed(1)));
  } catch {
    recording = null;
    setMessage($("convert-error"), t("badFile"));
  }
  $("convert").disabled = !recording;
}

async function convert() {
  showError($("convert-error"), null);
  $("convert").disabled = true;
  setMessage($("convert-state"), t("converting"));
  try {
    const body = { recording: await base64Of(recording), voice: $("convert-voice").value };
    const answer = await call("convert-voice", { method: "POST", body });
    const url = URL.createObjectURL(await answer.blob());
    URL.revokeObjectURL($("converted").src);
    $("converted").src = $("convert-download").href = url;
    $("convert-download").download = `${$("convert-voice").value}.wav`;
    $("converted").hidden = $("convert-download").hidden = false;
    setMessage($("convert-state"), t("spoken", (+answer.headers.get("X-Audio-Seconds")).toFixed(1)));
  } catch (error) {
    setMessage($("convert-state"), "");
    showError($("convert-error"), error);
  }
  $("convert").disabled = false;
}
