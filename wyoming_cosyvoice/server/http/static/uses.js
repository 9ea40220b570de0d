// Uses of a speech: download it in other formats, copy its request.
import { call } from "./api.js";
import { $ } from "./dom.js";
import { showError } from "./errors.js";
import { t } from "./i18n.js";
import { asAction, asCurl, copy } from "./share.js";
import { wavBlob } from "./sound.js";

let shown = null;

export function start() {
  $("as-mp3").addEventListener("click", () => fetchAs("mp3", "mp3", $("as-mp3")));
  $("as-opus").addEventListener("click", () => fetchAs("opus", "ogg", $("as-opus")));
  $("copy-curl").addEventListener("click", () => copied(asCurl(shown.request)));
  $("copy-action").addEventListener("click", () => copied(asAction(shown.request)));
}

/** Offer a speech, or with null nothing. */
export function offer(entry) {
  if (shown?.url) URL.revokeObjectURL(shown.url);
  shown = entry && { ...entry, url: URL.createObjectURL(wavBlob(entry.samples, entry.rate)) };
  for (const id of ["as-mp3", "as-opus", "copy-curl", "copy-action"]) $(id).disabled = !shown?.request;
  if (shown) {
    Object.assign($("download"), { href: shown.url, download: fileName(shown.text, "wav") });
    $("download").removeAttribute("aria-disabled");
  } else {
    $("download").removeAttribute("href");
    $("download").setAttribute("aria-disabled", "true");
  }
}

async function fetchAs(format, ending, button) {
  button.disabled = true;
  try {
    const answer = await call("tts", { method: "POST", body: { ...shown.request, format } });
    save(await answer.blob(), fileName(shown.text, ending));
  } catch (error) { showError($("speak-error"), error, shown.text); }
  button.disabled = false;
}

function save(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function copied(text) {
  $("copied").textContent = t((await copy(text)) ? "copied" : "notCopied");
}

export const fileName = (text, ending) =>
  `${text.slice(0, 30).replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "speech"}.${ending}`;
