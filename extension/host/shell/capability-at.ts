/** Where a capability lies in configuration space: its offset (PCI 3.0, 6.7; PCI Express 5.0, 7.6.3). */
import type { SysfsDevice } from "../../../emulator/linux/sysfs";
import type { CapabilityWanted } from "./setpci-operation";

const STATUS = 6;
const HAS_LIST = 0x10;
const FIRST = 0x34;
const FIRST_EXTENDED = 0x100;
const MOST = 480;

/** Throws setpci's sentence where it is not there. */
export function capabilityAt({ name, config }: SysfsDevice, wanted: CapabilityWanted): number {
  const view = new DataView(config.buffer, config.byteOffset, config.length);
  let left = wanted.instance;
  for (const { id, at } of wanted.extended ? extendedList(view) : plainList(view))
    if (id === wanted.id && left-- === 0) return at;
  const kind = wanted.extended ? "Extended capability" : "Capability";
  throw new Error(
    `${name}: Instance #${wanted.instance} of ${kind} ${wanted.id.toString(16).padStart(4, "0")} not found - there are no capabilities with that id.`,
  );
}

interface Entry {
  readonly id: number;
  readonly at: number;
}

function* plainList(view: DataView): Generator<Entry> {
  if (!(view.getUint16(STATUS, true) & HAS_LIST)) return;
  let at = view.getUint8(FIRST) & ~3;
  for (let left = MOST; at && left > 0; left--) {
    yield { id: view.getUint8(at), at };
    at = view.getUint8(at + 1) & ~3;
  }
}

function* extendedList(view: DataView): Generator<Entry> {
  let at = FIRST_EXTENDED;
  for (let left = MOST; at + 4 <= view.byteLength && left > 0; left--) {
    const header = view.getUint32(at, true);
    if (header === 0 || header === 0xffffffff) return;
    yield { id: header & 0xffff, at };
    at = (header >>> 20) & ~3;
    if (at === 0) return;
  }
}
