/** Pictures and an animation for people, small enough to be shipped. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { applyPalette, GIFEncoder, quantize } from "gifenc";
import type { Locator, Page } from "playwright-core";
import { PNG } from "pngjs";

export const media = path.join(__dirname, "../../extension/media");

/** Writes what can be seen as WebP, as the browser encodes it: a third of a PNG. */
export async function savePicture(of: Page | Locator, file: string): Promise<void> {
  const page = "page" in of ? of.page() : of;
  const png = (await of.screenshot()).toString("base64");
  const webp = await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = Object.assign(document.createElement("canvas"), {
      width: bitmap.width,
      height: bitmap.height,
    });
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
    return canvas.toDataURL("image/webp", 0.82).split(",")[1] ?? "";
  }, png);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, Buffer.from(webp, "base64"));
}

/** Frames that stay for a while each; a frame holds only what differs from the one before it. */
export class Animation {
  readonly #encoder = GIFEncoder();
  readonly #colours: number;
  #last: Uint8Array | undefined;

  constructor(colours: number) {
    this.#colours = colours;
  }

  /** `png`: a screenshot; all of one size. */
  add(png: Buffer, milliseconds: number): void {
    const { data, width, height } = PNG.sync.read(png);
    const pixels = new Uint8Array(data);
    // The first colour is kept free: it means "as before".
    const palette = [[0, 0, 0], ...quantize(pixels, this.#colours - 1)];
    const index = applyPalette(pixels, palette.slice(1)).map((colour) => colour + 1);
    const last = this.#last;
    if (last) for (let at = 0; at < index.length; at++) if (same(pixels, last, at * 4)) index[at] = 0;
    this.#encoder.writeFrame(index, width, height, {
      palette,
      delay: milliseconds,
      transparent: true,
      transparentIndex: 0,
      dispose: 1,
    });
    this.#last = pixels;
  }

  /** How many bytes it has. */
  save(file: string): number {
    this.#encoder.finish();
    const bytes = this.#encoder.bytes();
    writeFileSync(file, bytes);
    return bytes.length;
  }
}

function same(a: Uint8Array, b: Uint8Array, at: number): boolean {
  return a[at] === b[at] && a[at + 1] === b[at + 1] && a[at + 2] === b[at + 2];
}
