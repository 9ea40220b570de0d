// Runs in the audio thread: posts the microphone's samples in blocks of 2,048.
class Microphone extends AudioWorkletProcessor {
  #piece = new Float32Array(2048);
  #count = 0;

  process([input]) {
    if (input[0]) {
      this.#piece.set(input[0], this.#count);
      this.#count += input[0].length;
      if (this.#count === this.#piece.length) {
        this.port.postMessage(this.#piece.slice());
        this.#count = 0;
      }
    }
    return true;
  }
}
registerProcessor("microphone", Microphone);
