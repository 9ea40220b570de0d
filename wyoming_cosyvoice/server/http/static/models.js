// The third tab: models that are here, and those that can be fetched.
import { call, getJson } from "./api.js";
import { $, make, say } from "./dom.js";
import { t } from "./i18n.js";

let known = { models: [], can_download: false }, timer = null;

export function start() {
  document.addEventListener("language", list);
}

export async function refresh() {
  clearTimeout(timer);
  try {
    known = await getJson("models");
    say($("model-error"), "");
  } catch (error) { say($("model-error"), error.message); }
  list();
  const isBusy = known.models.some((model) => model.state === "downloading");
  if (isBusy && !$("panel-models").hidden) timer = setTimeout(refresh, 700);
}

function list() {
  const rows = known.models.map(row);
  if (!known.can_download) rows.push(make("li", {}, make("p", { className: "quiet", textContent: t("noModels") })));
  $("model-list").replaceChildren(...rows);
}

function row(model) {
  const isHere = ["in-use", "installed"].includes(model.state);
  const tag = make("span", { className: `tag ${isHere ? "good" : model.state === "failed" ? "bad" : ""}`, textContent: t(model.state) });
  const facts = [model.size_bytes ? `${(model.size_bytes / 1e9).toFixed(2)} GB` : "", model.licence ? `${t("licence")}: ${model.licence}` : ""];
  const path = `models/${encodeURIComponent(model.name)}/download`;
  const act = (method) => async () => {
    try { await call(path, { method }); } catch (error) { say($("model-error"), error.message); }
    refresh();
  };
  return make("li", {},
    make("div", { className: "what" },
      make("div", { className: "title" }, model.name, tag),
      make("div", { className: "quiet", textContent: [model.description, ...facts].filter(Boolean).join(" · ") }),
      model.error ? make("div", { className: "quiet", textContent: model.error }) : null,
      model.state === "downloading"
        ? make("progress", { max: model.size_bytes || 1, value: model.done_bytes || 0, ariaLabel: model.name }) : null),
    make("div", { className: "buttons" },
      model.state === "downloading" ? make("button", { type: "button", textContent: t("cancel"), onclick: act("DELETE") })
        : known.can_download && ["available", "failed"].includes(model.state)
          ? make("button", { type: "button", className: "primary", textContent: t("downloadIt"), onclick: act("POST") }) : null));
}
