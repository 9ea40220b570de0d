// State that survives a reload: fields in localStorage, sound in IndexedDB. Browsers
// that store nothing, as in a private window, start empty.
const MAX_SPEECHES = 20;

export function saveField(name, value) {
  try { localStorage.setItem(`field.${name}`, value); } catch { /* nothing is stored */ }
}

export function savedField(name) {
  try { return localStorage.getItem(`field.${name}`); } catch { return null; }
}

const finished = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

async function store(mode) {
  const opening = indexedDB.open("cosyvoice", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("history", { keyPath: "at" });
  return (await finished(opening)).transaction("history", mode).objectStore("history");
}

/** Save what was spoken: { at, text, voice, rate, samples, request }. The oldest are deleted. */
export async function saveSpeech(entry) {
  try {
    const history = await store("readwrite");
    await finished(history.put(entry));
    const keys = await finished(history.getAllKeys());
    for (const key of keys.slice(0, -MAX_SPEECHES)) history.delete(key);
  } catch { /* nothing is stored */ }
}

/** Return what was saved, the oldest first. */
export async function savedSpeeches() {
  try {
    const history = await store("readwrite"), saved = await finished(history.getAll());
    const cleared = +savedField("cleared");
    for (const { at } of saved) if (at <= cleared) history.delete(at);
    return saved.filter(({ at }) => at > cleared);
  } catch { return []; }
}

/** Forget all, even if the page is left before the browser has deleted them. */
export async function clearSpeeches() {
  saveField("cleared", Date.now());
  try { await finished((await store("readwrite")).clear()); } catch { /* nothing was stored */ }
}
