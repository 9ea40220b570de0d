// Error messages in the page's language, with a button that fixes the cause if there is one.
import { make } from "./dom.js";
import { has, language, t } from "./i18n.js";

const OPENS_MODELS = new Set(["language-not-spoken", "model-unsupported", "model-not-found", "model-corrupt"]);
// Languages that larger models read, by their scripts.
const LARGER_READS = { ko: /\p{Script=Hangul}/u, ja: /[\p{Script=Hiragana}\p{Script=Katakana}]/u };
const largerReads = (text) => Object.keys(LARGER_READS).find((tag) => LARGER_READS[tag].test(text));

let openModels = () => {};

export function onModels(open) { openModels = open; }

/** Return a button that opens the list of models. */
export const modelsButton = (text = t("seeModels")) =>
  make("button", { type: "button", className: "mend", textContent: text, onclick: () => openModels() });

export function errorText(error) {
  if (error.code === "bad-parameter" && error.field === "text") return t("nothingToSay");
  // The server's messages are English and exact; other languages have one sentence per code.
  if (language() === "en" && !["language-not-spoken", "model-unsupported"].includes(error.code)) return error.message;
  return has(`error_${error.code}`) ? t(`error_${error.code}`) : error.message;
}

/** Show an error, or with null none. `text` is what was to be spoken, if anything was. */
export function showError(element, error, text = "") {
  element.hidden = !error;
  element.replaceChildren();
  if (!error) return;
  const isRefused = error.code === "language-not-spoken", tag = isRefused && largerReads(text);
  element.append(make("span", { textContent: tag ? t("needsLarger", t(tag)) : errorText(error) }));
  if (OPENS_MODELS.has(error.code) && (tag || !isRefused)) element.append(modelsButton());
}

/** Say which parts of a text were left out, if any. */
export function showSkipped(element, parts) {
  if (!parts.length) return;
  const texts = parts.map((part) => part.text).join(" · ");
  element.hidden = false;
  element.replaceChildren(make("span", { textContent: t("skippedParts", texts) }));
  if (largerReads(texts)) element.append(modelsButton());
}
