// Tabs, language of the page and state of the server. Each tab has its own module.
import { getJson } from "./api.js";
import { $, make } from "./dom.js";
import { onModels } from "./errors.js";
import { setLanguage, t } from "./i18n.js";
import { saveField, savedField } from "./storage.js";
import * as lexicon from "./lexicon.js";
import * as models from "./models.js";
import * as speak from "./speak.js";
import * as voices from "./voices.js";

const tabs = [...document.querySelectorAll("[role=tab]")];

function show(tab) {
  for (const other of tabs) {
    const isShown = other === tab;
    other.setAttribute("aria-selected", isShown);
    other.tabIndex = isShown ? 0 : -1;
    $(other.getAttribute("aria-controls")).hidden = !isShown;
  }
  saveField("tab", tab.id);
  // The address names the tab, for links such as /#voices.
  window.history.replaceState(null, "", `#${tab.id.slice(4)}`);
  if (tab.id === "tab-models") models.refresh();
  if (tab.id === "tab-words") lexicon.refresh();
  if (tab.id === "tab-voices") voices.refresh();
}

for (const tab of tabs) {
  tab.addEventListener("click", () => show(tab));
  tab.addEventListener("keydown", (event) => {
    const here = tabs.indexOf(tab), last = tabs.length - 1;
    const place = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: last }[event.key];
    if (place === undefined) return;
    event.preventDefault();
    const next = tabs[(place + tabs.length) % tabs.length];
    show(next);
    next.focus();
  });
}

async function watchHealth() {
  let state = "lost", wait = 4000;
  try {
    const health = await getJson("health");
    state = health.status;
  } catch { /* the dot says it */ }
  if (state !== $("health").dataset.state) {
    if (state === "ready") voices.refresh();
    $("health").dataset.state = state;
    $("health").className = `health ${state}`;
    $("health").textContent = t(state);
  }
  if (state === "loading") wait = 800;
  setTimeout(watchHealth, wait);
}

/** Say which settings are not used; whoever starts the server may never read its log. */
async function showSettings() {
  const { problems } = await getJson("settings");
  $("settings").hidden = !problems.length;
  $("settings-problems").replaceChildren(...problems.map((problem) => make("li", { textContent: problem })));
}

document.addEventListener("language", () => {
  const { state } = $("health").dataset;
  if (state) $("health").textContent = t(state);
});
$("page-language").addEventListener("change", (event) => {
  localStorage.setItem("language", event.target.value);
  setLanguage(event.target.value);
});

onModels(() => { show($("tab-models")); $("tab-models").focus(); });
speak.start();
lexicon.start();
voices.start({
  onVoices: speak.setVoices,
  onTry: (id) => { show($("tab-speak")); speak.choose(id); },
});
models.start({ onSwitch: voices.refresh });
$("page-language").value = setLanguage();
show(tabs.find((tab) => [`tab-${location.hash.slice(1)}`, location.hash ? "" : savedField("tab")].includes(tab.id)) ?? tabs[0]);
window.addEventListener("hashchange", () => {
  const named = tabs.find((tab) => tab.id === `tab-${location.hash.slice(1)}`);
  if (named) show(named);
});
watchHealth();
showSettings().catch(() => { /* the dot says it */ });
