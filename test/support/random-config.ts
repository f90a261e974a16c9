/** Functions whose capabilities hold random bits: every decoder meets values that no real device has. */
import type { SysfsDevice } from "../../emulator/linux/sysfs";

/** Identifiers that pciutils 3.9.0 and ours decode alike. Not here: EA (0x14), and links and collectors of root complexes. */
const STANDARD = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19];
const EXTENDED = [
  1, 2, 3, 4, 6, 8, 9, 10, 11, 13, 14, 15, 16, 17, 18, 19, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33,
  34, 35, 36, 37, 38, 39, 40, 41, 42, 46,
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
  if (extended) {
    for (let at = 0x100; at < 0x200; at++) config[at] = random(2) * random(256);
    view.setUint32(0x100, id | (random(16) << 16), true);
  }
  const digits = (value: number) => value.toString(16).padStart(2, "0");
  return {
    name: `0000:${digits(index >> 5)}:${digits(index & 31)}.0`,
    config,
    resource: Array.from({ length: 13 }, () => ({ start: 0, end: 0, flags: 0 })),
    irq: random(24),
    vendor: 0x1af4,
    device: 0x1041,
    subsystemVendor: 0,
    subsystemDevice: 0,
    class: 0,
    revision: 0,
  };
}
