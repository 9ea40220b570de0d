// Receive speech while it is computed.
import { call } from "./api.js";

/** Ask for speech; `pieces` gives its samples as they come. */
export async function open(request, signal) {
  const answer = await call("tts", { method: "POST", body: { ...request, format: "pcm", stream: true }, signal });
  return {
    rate: +answer.headers.get("X-Sample-Rate"),
    skipped: JSON.parse(answer.headers.get("X-Skipped") ?? "[]"),
    pieces: pieces(answer.body.getReader()),
  };
}

async function* pieces(reader) {
  let half = new Uint8Array(0);  // of a sample, when a piece ends within one
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const bytes = new Uint8Array(half.length + value.length);
    bytes.set(half);
    bytes.set(value, half.length);
    const even = bytes.length & ~1;
    half = bytes.slice(even);
    if (!even) continue;
    const view = new DataView(bytes.buffer);
    yield Float32Array.from({ length: even / 2 }, (_, i) => view.getInt16(2 * i, true) / 32768);
  }
}
