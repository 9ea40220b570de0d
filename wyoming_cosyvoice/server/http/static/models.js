// The Models tab: installed models, the one in use, and downloads.
import { call, getJson } from "./api.js";
import { $, DOT, make, replaceRows, rowButton } from "./dom.js";
import { showError } from "./errors.js";
import { EXAMPLES } from "./examples.js";
import { has, t } from "./i18n.js";
import { saveField, savedField } from "./storage.js";

let known = { models: [], can_download: false }, timer = null, isMeasured = false, isMeasuring = false, onSwitch = () => {};
const firstSeen = new Map();  // time and bytes of each download when the page first saw it

const TAGS = { "in-use": "good", installed: "good", failed: "bad", damaged: "bad" };
const RECOMMENDED = "cosyvoice-300m-sft";
// Memory while speaking, from README's tables.
const MEMORY_MB = { starter: 200, "cosyvoice-300m-sft": 750, "cosyvoice-300m": 750, "cosyvoice-300m-instruct": 750, "cosyvoice2-0.5b": 1330, "fun-cosyvoice3-0.5b": 1500 };
const inUse = () => known.models.find((model) => model.state === "in-use")?.name;
const release = (model) => model.name.replace(/-(int8|int4|fp16|fp32)$/, "");

export function start(handlers) {
  ({ onSwitch } = handlers);
  document.addEventListener("language", list);
  $("hub").value = savedField("hub") ?? "";
  $("hub").addEventListener("change", () => saveField("hub", $("hub").value));
}

export async function refresh() {
  clearTimeout(timer);
  const before = inUse();
  try {
    known = await getJson("models");
    showError($("model-error"), null);
  } catch (error) { showError($("model-error"), error); }
  list();
  $("hub-label").hidden = !known.models.some((model) => ["available", "failed", "downloading"].includes(model.state));
  if (before && inUse() !== before) { onSwitch(); $("reload-hint").hidden = false; }
  const isBusy = known.models.some((model) => ["downloading", "loading"].includes(model.state));
  if (isBusy && !$("panel-models").hidden) timer = setTimeout(refresh, 700);
  measure();
}

/** Let the starter say a sentence that is not played: its speed tells what to expect of the other models. */
async function measure() {
  if (isMeasured || inUse() !== "starter") return;
  isMeasured = true;
  if (known.models.some((model) => model.real_time_factor)) return;
  isMeasuring = true;
  list();
  try {
    await (await call("tts", { method: "POST", body: { text: `${EXAMPLES.en[1]} ${EXAMPLES.zh[1]}` } })).blob();
  } catch { /* the speed stays unknown */ }
  isMeasuring = false;
  await refresh();
}

/** The model to recommend: the larger one, unless it would be slower than speech here. None while that is measured. */
function recommended() {
  if (isMeasuring) return "";
  const larger = known.models.find((model) => model.name === RECOMMENDED);
  return larger?.expected_real_time_factor > 1 ? "starter" : RECOMMENDED;
}

function list() {
  const rows = known.models.map(row);
  if (!known.can_download) rows.push(make("li", {}, make("p", { className: "quiet", textContent: t("noModels") })));
  replaceRows($("model-list"), rows);
}

function shownBytes(bytes) {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.round(bytes / 1e6)} MB`;
}

function size(model) {
  if (!model.size_bytes) return "";
  return model.size_is_about ? t("about", shownBytes(model.size_bytes)) : shownBytes(model.size_bytes);
}

function button(model, word, method, action, isFirst) {
  const act = async () => {
    const hub = action === "download" && method === "POST" && $("hub").value ? `?hub=${$("hub").value}` : "";
    try { await call(`models/${encodeURIComponent(model.name)}/${action}${hub}`, { method }); } catch (error) {
      await refresh();
      showError($("model-error"), error);
      return;
    }
    refresh();
  };
  return rowButton(action, model.name, { className: isFirst ? "primary" : "", textContent: t(word), onclick: act });
}

function buttonOf(model) {
  if (model.state === "installed") return button(model, "useIt", "POST", "use", true);
  if (model.state === "downloading") return button(model, "cancel", "DELETE", "download", false);
  if (["available", "failed"].includes(model.state)) {
    return button(model, model.state === "failed" ? "again" : "downloadIt", "POST", "download", model.name === recommended());
  }
  return null;
}

/** How far a download is, with the time left by its speed since the page saw it. */
function progressOf(model) {
  const done = model.done_bytes || 0, now = performance.now();
  if (!firstSeen.has(model.name)) firstSeen.set(model.name, { now, done });
  const first = firstSeen.get(model.name), bytesPerMs = (done - first.done) / (now - first.now);
  const left = (model.size_bytes - done) / bytesPerMs / 60_000;
  const parts = [t("ofBytes", shownBytes(done), shownBytes(model.size_bytes || 0))];
  if (Number.isFinite(left) && now - first.now > 3000) parts.push(left < 1 ? t("underMinute") : t("minutesLeft", Math.ceil(left)));
  return [
    make("progress", { max: model.size_bytes || 1, value: done, ariaLabel: model.name }),
    make("div", { className: "quiet", textContent: parts.join(DOT) }),
  ];
}

/** What the server measured of the model in use; else what README's tables say. */
function memoryOf(model, name) {
  if (model.memory_bytes) return t("memoryHere", Math.round(model.memory_bytes / 1e6));
  return MEMORY_MB[name] ? t("memory", MEMORY_MB[name]) : "";
}

const rounded = (factor) => factor.toFixed(factor < 10 ? 1 : 0);
const times = (factor) => factor < 1 ? t("faster", rounded(1 / factor)) : t("slower", rounded(factor));

function paceOf(model, name) {
  if (model.real_time_factor > 0) return t("paceHere", times(model.real_time_factor));
  if (model.expected_real_time_factor) return t("paceExpected", times(model.expected_real_time_factor));
  return has(`pace_${name}`) ? t(`pace_${name}`) : "";
}

function row(model) {
  const name = release(model), isComing = model.state === "downloading";
  if (!isComing) firstSeen.delete(model.name);
  const title = model.description.split(":")[0] || model.name;
  const facts = [
    model.voices ? t("voiceCount", model.voices) : "", size(model), memoryOf(model, name), model.precision,
    model.licence ? `${t("licence")}: ${model.licence}` : "",
  ];
  const isRecommended = name === recommended() && ["available", "in-use"].includes(model.state);
  return make("li", { className: model.state },
    make("div", { className: "what" },
      make("div", { className: "title" }, title,
        make("span", { className: `tag ${TAGS[model.state] ?? ""}`, textContent: t(model.state) }),
        isRecommended ? make("span", { className: "tag good", textContent: t("recommended") }) : null),
      make("div", { textContent: has(`for_${name}`) ? t(`for_${name}`) : model.kind ? t(`kind_${model.kind}`) : "" }),
      make("div", { className: "quiet", textContent: model.languages.map((tag) => t(tag)).join(t("comma")) }),
      make("div", { className: "quiet" }, ...facts.filter(Boolean).flatMap((fact, i) => [i ? DOT : "", make("span", { className: "fact", textContent: fact })])),
      make("div", { className: "quiet", textContent: model.abilities.map((ability) => t(`can_${ability}`)).join(DOT) }),
      make("div", { className: "quiet pace", textContent: paceOf(model, name) }),
      model.error ? make("div", { className: "row-error", textContent: `${t("failedBecause")} ${model.error}` }) : null,
      ...(isComing ? progressOf(model) : [])),
    make("div", { className: "buttons" }, buttonOf(model)));
}
