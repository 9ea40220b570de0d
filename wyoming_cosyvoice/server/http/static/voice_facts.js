// Who a voice is, in the page's language.
import { DOT } from "./dom.js";
import { t } from "./i18n.js";

export const basesOf = (voice) => [...new Set(voice.languages.map((tag) => tag.split("-")[0]))];

export const languagesOf = (voice) => basesOf(voice).map((base) => t(base)).join(DOT);

/** What the description says besides the name and the languages, which are shown apart. */
export function personOf({ name, description }) {
  const [person] = description.match(/\b(fe)?male\b/) ?? [];
  if (person) return name.includes(person) ? "" : t(person);
  return description === name ? "" : description.replace(`${name}, `, "");
}
