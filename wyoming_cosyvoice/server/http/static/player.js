// Plays samples while they arrive, and replays them afterwards.

export class Player extends EventTarget {
  samples = new Float32Array(0);
  rate = 22050;
  #context = null;
  #sources = new Set();
  #played = 0;      // samples scheduled so far
  #origin = 0;      // context time of sample 0
  #isOpen = false;  // whether more samples may arrive
  isPlaying = false;

  get duration() { return this.samples.length / this.rate; }

  get time() {
    if (!this.isPlaying) return this.rested ?? 0;
    return Math.max(0, Math.min(this.duration, this.#context.currentTime - this.#origin));
  }

  /** Begin a stream; call it from a click, or browsers keep silent. */
  open(rate) {
    this.stop();
    this.samples = new Float32Array(0);
    this.rate = rate;
    this.rested = 0;
    this.#isOpen = true;
    this.#begin(0);
  }

  /** Prepare the sound card while the first bytes are still on their way. */
  wake() {
    this.#context ??= new AudioContext();
    this.#context.resume();
  }

  add(fresh) {
    const before = this.samples.length, total = before + fresh.length;
    // Double the buffer whenever it is full, so that long sound is not copied for every piece.
    if (this.samples.byteOffset + 4 * total > this.samples.buffer.byteLength) {
      const larger = new Float32Array(2 * total);
      larger.set(this.samples);
      this.samples = larger.subarray(0, before);
    }
    this.samples = new Float32Array(this.samples.buffer, 0, total);
    this.samples.set(fresh, before);
    if (this.isPlaying) this.#schedule();
  }

  close() {
    this.#isOpen = false;
    if (this.isPlaying && !this.#sources.size) this.#end();
  }

  load(samples, rate) {
    this.stop();
    Object.assign(this, { samples, rate, rested: 0 });
  }

  /** Go on from where it rests, or begin again at the end. */
  play(from = this.time) {
    if (from >= this.duration && !this.#isOpen) from = 0;
    this.stop();
    this.wake();
    this.#begin(from);
    this.#schedule();
  }

  stop() {
    this.rested = this.time;
    for (const source of this.#sources) { source.onended = null; source.stop(); }
    this.#sources.clear();
    if (this.isPlaying) { this.isPlaying = false; this.dispatchEvent(new Event("change")); }
  }

  restAt(seconds) {
    this.stop();
    this.rested = seconds;
    this.dispatchEvent(new Event("change"));
  }

  #begin(from) {
    this.wake();
    this.#played = Math.floor(from * this.rate);
    this.#origin = this.#context.currentTime + 0.06 - from;
    this.isPlaying = true;
    this.dispatchEvent(new Event("change"));
  }

  #schedule() {
    const piece = this.samples.subarray(this.#played);
    if (!piece.length) return;
    const buffer = this.#context.createBuffer(1, piece.length, this.rate);
    buffer.copyToChannel(piece, 0);
    const source = new AudioBufferSourceNode(this.#context, { buffer });
    let at = this.#origin + this.#played / this.rate;
    const now = this.#context.currentTime;
    if (at < now) { this.#origin += now - at + 0.02; at = now + 0.02; }  // samples arrived too late
    source.connect(this.#context.destination);
    source.onended = () => {
      this.#sources.delete(source);
      if (!this.#sources.size && !this.#isOpen) this.#end();
    };
    this.#sources.add(source);
    source.start(at);
    this.#played = this.samples.length;
  }

  #end() {
    this.isPlaying = false;
    this.rested = 0;
    this.dispatchEvent(new Event("change"));
  }
}
