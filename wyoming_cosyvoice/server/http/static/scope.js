// Waveform and spectrogram of the samples received so far, with a playhead.
import { spectrum } from "./sound.js";

const HOP = 256;
const STOPS = [[13, 12, 22], [52, 38, 130], [124, 77, 222], [47, 178, 170], [250, 236, 170]];
const COLOURS = Array.from({ length: 256 }, (_, value) => {
  const place = (value / 255) * (STOPS.length - 1), low = Math.min(Math.floor(place), STOPS.length - 2);
  return STOPS[low].map((from, i) => from + (STOPS[low + 1][i] - from) * (place - low));
});

export class Scope {
  constructor(waveform, spectrogram, playhead) {
    Object.assign(this, { waveform, spectrogram, playhead });
    this.clear();
    new ResizeObserver(() => this.draw()).observe(waveform);
  }

  clear() {
    this.samples = new Float32Array(0);
    this.columns = [];
    this.rate = 22050;
    this.peak = 0;
    this.draw();
  }

  /** `samples` are all that came; what was known of them is not computed again. */
  show(samples, rate) {
    for (let i = this.samples.length; i < samples.length; i++) this.peak = Math.max(this.peak, Math.abs(samples[i]));
    this.samples = samples;
    this.rate = rate;
    while (this.columns.length * HOP + 2 * HOP <= samples.length) {
      this.columns.push(spectrum(samples, this.columns.length * HOP));
    }
    this.wanted ??= requestAnimationFrame(() => { this.wanted = null; this.draw(); });
  }

  setTime(seconds, isOn) {
    const total = this.samples.length / this.rate;
    this.playhead.classList.toggle("on", isOn && total > 0);
    const share = total ? Math.min(1, seconds / total) : 0;
    this.playhead.style.setProperty("left", `${share * 100}%`);
  }

  draw() {
    this.drawWaveform();
    this.drawSpectrogram();
  }

  drawWaveform() {
    const { canvas, width, height } = sized(this.waveform);
    canvas.clearRect(0, 0, width, height);
    const gradient = canvas.createLinearGradient(0, 0, width, 0);
    gradient.addColorStop(0, "#9d8fff");
    gradient.addColorStop(1, "#3fd0bd");
    canvas.fillStyle = gradient;
    const bars = Math.floor(width / 3), each = this.samples.length / bars;
    for (let bar = 0; bar < bars; bar++) {
      let peak = 0;
      const stop = Math.min(this.samples.length, Math.ceil((bar + 1) * each));
      for (let i = Math.floor(bar * each); i < stop; i++) peak = Math.max(peak, Math.abs(this.samples[i]));
      // Normalized: the loudest sample fills the height; silence stays a line.
      const size = Math.max(1, (peak / Math.max(this.peak, 0.01)) * (height - 12));
      if (each > 0) canvas.fillRect(bar * 3, (height - size) / 2, 2, size);
    }
  }

  drawSpectrogram() {
    const { canvas, width, height } = sized(this.spectrogram);
    if (!this.columns.length || !width) { canvas.clearRect(0, 0, width, height); return; }
    const image = canvas.createImageData(width, height);
    // Speech is below 8 kHz; higher frequencies would only compress the display.
    const bins = Math.min(256, Math.round((256 * 8000) / (this.rate / 2)));
    for (let x = 0; x < width; x++) {
      const column = this.columns[Math.floor((x / width) * this.columns.length)];
      for (let y = 0; y < height; y++) {
        const [r, g, b] = COLOURS[column[Math.floor((1 - (y + 1) / height) * bins)]];
        image.data.set([r, g, b, 255], 4 * (y * width + x));
      }
    }
    canvas.putImageData(image, 0, 0);
  }
}

function sized(element) {
  const width = element.clientWidth, height = element.clientHeight;
  if (element.width !== width || element.height !== height) Object.assign(element, { width, height });
  return { canvas: element.getContext("2d"), width, height };
}
