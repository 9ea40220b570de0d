// The request as a curl command and as a Home Assistant action.

const TAGS = { zh: "zh-CN", en: "en-US", ja: "ja-JP", yue: "zh-HK", ko: "ko-KR" };

const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

export function asCurl(request) {
  const body = Object.fromEntries(Object.entries(request).filter(([name, value]) => value !== null && !["stream", "format"].includes(name)));
  const address = new URL("tts", document.baseURI).href;
  return `curl ${quoted(address)} -H 'Content-Type: application/json' -d ${quoted(JSON.stringify(body))} --output speech.wav`;
}

/** A JSON string is a YAML string as well. */
export function asAction(request, language) {
  const options = request.voice ? `\n  options:\n    voice: ${JSON.stringify(request.voice)}` : "";
  const spoken = TAGS[language] ? `\n  language: ${TAGS[language]}` : "";
  return `action: tts.speak\ntarget:\n  entity_id: tts.cosyvoice\ndata:\n  media_player_entity_id: media_player.living_room\n` +
    `  message: ${JSON.stringify(request.text)}${spoken}${options}\n`;
}

/** Browsers give the clipboard only to HTTPS and localhost; a selection works anywhere. */
export async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) {
    try { await navigator.clipboard.writeText(text); return true; } catch { /* the old way */ }
  }
  const field = document.createElement("textarea"), before = document.activeElement;
  field.value = text;
  field.className = "hidden";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  before?.focus();
  return done;
}
