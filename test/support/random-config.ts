/** Functions whose capabilities hold random bits: every decoder meets values that no real device has. */
import type { SysfsDevice } from "../../emulator/linux/sysfs";

const ENHANCED_ALLOCATION = 20;
const STANDARD = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, ENHANCED_ALLOCATION];
const EXTENDED = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16, 17, 18, 19, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
  32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 46,
];
const EXPRESS = 0x10;
const BYTES = 4096;

/** Numbers from 0 up to a limit, the same for the same seed (Numerical Recipes' generator). */
function generator(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

export function randomDevices(seed: number, count: number): readonly SysfsDevice[] {
  const random = generator(seed);
  return Array.from({ length: count }, (_, index) => {
    const extended = index % 2 === 1;
    const ids = extended ? EXTENDED : STANDARD;
    return randomDevice(random, { index, extended, id: ids[random(ids.length)] ?? 0 });
  });
}

/** As many words an entry as it says it has: of others the real lspci reads bytes that it never fetched, and dies. */
function allocate(view: DataView, random: (limit: number) => number): void {
  const count = random(4);
  view.setUint16(0x42, count, true);
  let at = 0x44;
  for (let entry = 0; entry < count; entry++) {
    const [base, most] = [random(2) * 2, random(2) * 2];
    const size = 2 + base / 2 + most / 2;
    view.setUint32(
      at,
      size | (random(16) << 4) | (random(9) << 8) | (random(2) * 0xff0000) | (random(4) << 30),
      true,
    );
    view.setUint32(at + 4, (random(1 << 30) * 4) | base, true);
    view.setUint32(at + 8, (random(1 << 30) * 4) | most, true);
    at += 4 + size * 4;
  }
}

/** Headers of CardBus bridges with random bits. */
export function randomCardbus(seed: number, count: number): readonly SysfsDevice[] {
  const random = generator(seed);
  return Array.from({ length: count }, (_, index) => {
    const config = Uint8Array.from({ length: 256 }, (__, at) => (at < 0x80 ? random(2) * random(256) : 0));
    const view = new DataView(config.buffer);
    view.setUint32(0, 0x80451180, true);
    view.setUint32(8, random(4) ? 0x06070000 : 0x06040000, true);
    config.set([2, 0], 0x0e);
    config[0x3d] = random(5);
    // Its registers lie in 32-bit memory.
    config[0x10] = 0;
    config[6] = random(2) * 0x10;
    config.set([0x80, 0], 0x14);
    config.set([1, 0, random(8), random(256)], 0x80);
    if (random(3) === 0) config.set([0, 0, 0, 0x80, 0, 0, 0, 0x90], 0x1c);
    return deviceOf(config, { index, random });
  });
}

interface Wanted {
  readonly index: number;
  readonly extended: boolean;
  readonly id: number;
}

function randomDevice(random: (limit: number) => number, { index, extended, id }: Wanted): SysfsDevice {
  const config = new Uint8Array(BYTES);
  const view = new DataView(config.buffer);
  view.setUint32(0, 0x10411af4, true);
  config.set([random(8), 0, 0x10 | random(256), random(256)], 4);
  config[0x34] = 0x40;
  for (let at = 0x40; at < 0xb0; at++) config[at] = random(2) * random(256);
  config.set(extended ? [EXPRESS, 0, 2 | (random(16) << 4)] : [id, 0], 0x40);
  if (!extended && id === ENHANCED_ALLOCATION) allocate(view, random);
  if (extended) {
    for (let at = 0x100; at < 0x200; at++) config[at] = random(2) * random(256);
    view.setUint32(0x100, id | (random(16) << 16), true);
  }
  return deviceOf(config, { index, random });
}

function deviceOf(
  config: Uint8Array,
  { index, random }: { index: number; random: (limit: number) => number },
): SysfsDevice {
  const digits = (value: number) => value.toString(16).padStart(2, "0");
  const view = new DataView(config.buffer);
  const cardbus = config[0x0e] === 2;
  return {
    name: `0000:${digits(index >> 5)}:${digits(index & 31)}.0`,
    config,
    resource: Array.from({ length: 13 }, () => ({ start: 0, end: 0, flags: 0 })),
    irq: random(24),
    vendor: view.getUint16(0, true),
    device: view.getUint16(2, true),
    subsystemVendor: cardbus ? view.getUint16(0x40, true) : 0,
    subsystemDevice: cardbus ? view.getUint16(0x42, true) : 0,
    class: view.getUint32(8, true) >>> 8,
    revision: config[8] ?? 0,
  };
}
