/** gifenc 1.0.3 comes without types; these are what test/e2e/picture.ts uses. */
declare module "gifenc" {
  interface Frame {
    readonly palette: readonly (readonly number[])[];
    readonly delay: number;
    readonly transparent: boolean;
    readonly transparentIndex: number;
    readonly dispose: number;
  }
  interface Encoder {
    writeFrame(index: Uint8Array, width: number, height: number, frame: Frame): void;
    finish(): void;
    bytes(): Uint8Array;
  }
  export function GIFEncoder(): Encoder;
  export function quantize(pixels: Uint8Array, colours: number): number[][];
  export function applyPalette(pixels: Uint8Array, palette: readonly (readonly number[])[]): Uint8Array;
}
