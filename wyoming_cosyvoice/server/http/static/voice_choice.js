// The voice to speak with: a card each, that says who it is and can be heard at a touch.
import { $, DOT, make } from "./dom.js";
import { t } from "./i18n.js";
import { hearButton } from "./preview.js";
import { saveField, savedField } from "./storage.js";
import { languagesOf, personOf } from "./voice_facts.js";

let voices = [], wanted = savedField("voice") ?? "", onChange = () => {}, onError = () => {};

export function start(handlers) {
  ({ onChange, onError } = handlers);
  $("voice").addEventListener("change", (event) => { want(event.target.value); onChange(); });
}

/** Offer these voices; one that was chosen before stays chosen while it is there. */
export function offer(ready) {
  voices = ready;
  const automatic = card({ id: "", name: t("automatic"), who: t("automaticHint") }, make("span", { className: "face", ariaHidden: "true", textContent: "A文" }));
  const own = voices.filter((voice) => voice.is_own), others = voices.filter((voice) => !voice.is_own);
  $("voice").replaceChildren(automatic, ...[...own, ...others].map((voice) =>
    card({ ...voice, who: [personOf(voice), languagesOf(voice)].filter(Boolean).join(DOT) }, hearButton(voice, onError))));
}

function card({ id, name, who }, face) {
  const isChosen = id === (chosen()?.id ?? "");
  return make("div", { className: "voice" }, face,
    make("label", {},
      make("input", { type: "radio", name: "voice", className: "pick", value: id, checked: isChosen }),
      make("span", { className: "title", textContent: name }),
      make("span", { className: "quiet", textContent: who, title: who })));
}

/** Return the chosen voice; null lets the language of the text choose. */
export const chosen = () => voices.find((voice) => voice.id === wanted) ?? null;

export function choose(id) {
  want(id);
  offer(voices);
  $("voice").querySelector(":checked").closest(".voice").scrollIntoView({ block: "nearest", inline: "center" });
}

function want(id) {
  wanted = id;
  saveField("voice", id);
}
