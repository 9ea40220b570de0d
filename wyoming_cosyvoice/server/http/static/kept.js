// State that survives a reload: fields in localStorage, sound in IndexedDB. Browsers
// that store nothing, as in a private window, start empty.
const MOST = 20;

export function keepField(name, value) {
  try { localStorage.setItem(`field.${name}`, value); } catch { /* nothing is kept */ }
}

export function keptField(name) {
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

/** Keep what was spoken: { at, text, voice, rate, samples, request }. The oldest go. */
export async function keepSpeech(entry) {
  try {
    const history = await store("readwrite");
    await finished(history.put(entry));
    const keys = await finished(history.getAllKeys());
    for (const key of keys.slice(0, -MOST)) history.delete(key);
  } catch { /* nothing is kept */ }
}

/** Return what was kept, the oldest first. */
export async function keptSpeeches() {
  try { return await finished((await store("readonly")).getAll()); } catch { return []; }
}

export async function forgetSpeeches() {
  try { await finished((await store("readwrite")).clear()); } catch { /* nothing was kept */ }
}
