// The third tab: models that are here, which of them speaks, and those to be fetched.
import { call, getJson } from "./api.js";
import { $, make, replaceRows, rowButton, say } from "./dom.js";
import { t } from "./i18n.js";

let known = { models: [], can_download: false }, timer = null, onSwitch = () => {};

const TAGS = { "in-use": "good", installed: "good", failed: "bad", damaged: "bad" };
const inUse = () => known.models.find((model) => model.state === "in-use")?.name;

export function start(handlers) {
  ({ onSwitch } = handlers);
  document.addEventListener("language", list);
}

export async function refresh() {
  clearTimeout(timer);
  const before = inUse();
  try {
    known = await getJson("models");
    say($("model-error"), "");
  } catch (error) { say($("model-error"), error.message); }
  list();
  if (before && inUse() !== before) onSwitch();
  const isBusy = known.models.some((model) => ["downloading", "loading"].includes(model.state));
  if (isBusy && !$("panel-models").hidden) timer = setTimeout(refresh, 700);
}

function list() {
  const rows = known.models.map(row);
  if (!known.can_download) rows.push(make("li", {}, make("p", { className: "quiet", textContent: t("noModels") })));
  replaceRows($("model-list"), rows);
}

function size(model) {
  if (!model.size_bytes) return "";
  const isLarge = model.size_bytes >= 1e9;
  const shown = isLarge ? `${(model.size_bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(model.size_bytes / 1e6)} MB`;
  return model.size_is_about ? t("about", shown) : shown;
}

function button(model, word, method, action) {
  const act = async () => {
    try { await call(`models/${encodeURIComponent(model.name)}/${action}`, { method }); } catch (error) {
      await refresh();
      say($("model-error"), error.message);
      return;
    }
    refresh();
  };
  return rowButton(action, model.name, { className: method === "POST" ? "primary" : "", textContent: t(word), onclick: act });
}

function buttonOf(model) {
  if (model.state === "installed") return button(model, "useIt", "POST", "use");
  if (model.state === "downloading") return button(model, "cancel", "DELETE", "download");
  if (["available", "failed"].includes(model.state)) return button(model, "downloadIt", "POST", "download");
  return null;
}

function row(model) {
  const tag = make("span", { className: `tag ${TAGS[model.state] ?? ""}`, textContent: t(model.state) });
  const facts = [
    model.description.split(":")[0] === model.name ? "" : model.description.split(":")[0],
    model.kind && t(`kind_${model.kind}`), model.voices ? t("voiceCount", model.voices) : "",
    model.precision, size(model), model.licence ? `${t("licence")}: ${model.licence}` : "",
  ];
  const isComing = model.state === "downloading";
  return make("li", { className: model.state },
    make("div", { className: "what" },
      make("div", { className: "title" }, model.name, tag),
      make("div", { className: "quiet", textContent: facts.filter(Boolean).join(" · ") }),
      model.error ? make("div", { className: "quiet", textContent: model.error }) : null,
      isComing ? make("progress", { max: model.size_bytes || 1, value: model.done_bytes || 0, ariaLabel: model.name }) : null),
    make("div", { className: "buttons" }, buttonOf(model)));
}
