// Microphone to samples. MediaRecorder would give WebM, which the server does not read.

export class Recorder {
  #context = null;
  #stream = null;
  #pieces = [];

  /** `onLevel` gets the loudness, 0 to 1, many times a second. */
  async start(onLevel) {
    this.#stream = await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    });
    this.#context = new AudioContext();
    await this.#context.audioWorklet.addModule(new URL("microphone.js", import.meta.url));
    const node = new AudioWorkletNode(this.#context, "microphone", { numberOfOutputs: 0 });
    this.#pieces = [];
    node.port.onmessage = ({ data }) => {
      this.#pieces.push(data);
      onLevel(data.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0));
    };
    this.#context.createMediaStreamSource(this.#stream).connect(node);
  }

  get seconds() {
    return this.#pieces.reduce((sum, piece) => sum + piece.length, 0) / (this.#context?.sampleRate || 1);
  }

  async stop() {
    this.#stream.getTracks().forEach((track) => track.stop());
    const rate = this.#context.sampleRate;
    await this.#context.close();
    const samples = new Float32Array(this.#pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of this.#pieces) { samples.set(piece, at); at += piece.length; }
    return { samples, rate };
  }
}
