/**
 * QEMU's device for testing port and memory writes (QEMU docs/specs/pci-testdev.rst): software selects a test by writing
 * its number to byte 0 of BAR 0 or 1, reads what to write where, and how often that arrived.
 * Not modelled: the event notifiers. Tests 1 and 2 of each BAR are caught by them and so never counted, as in QEMU.
 */
import type { Arena } from "../core/arena";
import type { Width } from "../core/io";
import { RegisterBank } from "../core/register-bank";
import { defineRegisters, type RegisterMap } from "../core/register-map";
import { bankBar } from "../pci/bar";
import { assemble, type Device, type DeviceParts } from "../pci/device";
import { PciFunction } from "../pci/function";

const MEMORY_BYTES = 4096;
const PORT_BYTES = 256;
const NAME_BYTES = 28;
const NAME_AT = 16;
const names: RegisterMap = Object.fromEntries(
  Array.from({ length: NAME_BYTES }, (_, index) => [
    `NAME_${index}`,
    { at: NAME_AT + index, width: 8, access: "ro", doc: "A letter of the test's name." },
  ]),
);

// biome-ignore format: a table, as in the specification
export const testRegisters = defineRegisters({
  TEST: { at: 0, width: 8, access: "rw", doc: "Write: selects a test of this BAR, from 0. Read: its number among all." },
  WIDTH: { at: 1, width: 8, access: "ro", doc: "Bytes to write." },
  OFFSET: { at: 4, width: 32, access: "ro", doc: "Where to write." },
  DATA: { at: 8, width: 32, access: "ro", doc: "What to write." },
  COUNT: { at: 12, width: 32, access: "ro", doc: "How often that was written." },
  ...names,
});

/** What of a BAR a test writes to. */
interface Test {
  readonly name: string;
  readonly offset: number;
  readonly data: number;
  /** Any data will do. */
  readonly wildcard: boolean;
  /** A notifier catches what it waits for; it is not counted. */
  readonly notifier: boolean;
}

const KINDS = ["no-eventfd", "wildcard-eventfd", "datamatch-eventfd"] as const;
const FIRST_OFFSET = { mmio: 0x800, portio: 0x80 } as const;
const DATA = 0xfa;
const WILDCARD_DATA = 0xce;
const TESTS: readonly Test[] = (["mmio", "portio"] as const).flatMap((space, bar) =>
  KINDS.map((kind, index) => ({
    name: `${space}-${kind}`,
    offset: FIRST_OFFSET[space] + bar * KINDS.length + index,
    data: index === 1 ? WILDCARD_DATA : DATA,
    wildcard: index === 1,
    notifier: index > 0,
  })),
);

/** Both BARs show the one test that is selected. */
class TestBank extends RegisterBank {
  readonly #first: number;
  readonly #select: (test: number) => void;
  readonly #hit: (write: ByteWrite) => void;

  constructor(arena: Arena, { name, size, first, select, hit }: TestBankOptions) {
    super(arena, { name, size, map: testRegisters, blank: 0 });
    this.#first = first;
    this.#select = select;
    this.#hit = hit;
  }

  override peek(at: number, width: Width): number {
    let value = 0;
    for (let byte = width - 1; byte >= 0; byte--) value = value * 256 + super.peek(at + byte, 1);
    return value;
  }

  override read(at: number, width: Width): number {
    return this.peek(at, width);
  }

  override readWord(at: number): number {
    return this.peek(at, 4);
  }

  /** An access of one byte may be a notifier's; wider ones arrive byte by byte, past the notifiers. */
  override write(at: number, { width, value }: { readonly width: Width; readonly value: number }): void {
    for (let byte = 0; byte < width; byte++) {
      const one = (value >>> (byte * 8)) & 0xff;
      if (at + byte === 0) this.#select(one < KINDS.length ? this.#first + one : -1);
      else this.#hit({ at: at + byte, value: one, notified: width === 1 });
    }
  }
}

interface TestBankOptions {
  readonly name: string;
  readonly size: number;
  readonly first: number;
  readonly select: (test: number) => void;
  readonly hit: (write: ByteWrite) => void;
}

interface ByteWrite {
  readonly at: number;
  readonly value: number;
  /** A notifier sees it first. */
  readonly notified: boolean;
}

const IDS = {
  vendor: 0x1b36,
  device: 0x0005,
  revision: 0,
  classCode: 0x00ff00,
  subsystemVendor: 0x1af4,
  subsystem: 0x1100,
} as const;

export function pciTestdev({ arena, name, quirks, options }: DeviceParts): Device {
  const select = (test: number) => {
    for (const bank of [memory, ports]) show(bank, TESTS[test], test);
  };
  const hit = (write: ByteWrite) => {
    for (const bank of [memory, ports]) count(bank, write);
  };
  const memory: RegisterBank = new TestBank(arena, { name, size: MEMORY_BYTES, first: 0, select, hit });
  const ports: RegisterBank = new TestBank(arena, {
    name: `${name}-ports`,
    size: PORT_BYTES,
    first: KINDS.length,
    select,
    hit,
  });
  const bytes = options["membar"] ?? 0;
  const plain = new RegisterBank(arena, {
    name: `${name}-membar`,
    map: {},
    size: Math.max(bytes, 16),
    blank: 0,
  });
  const third = bytes ? [{ ...bankBar(2, "mem64", plain), prefetchable: true }] : [];
  const bars = [bankBar(0, "mem32", memory), bankBar(1, "io", ports), ...third];
  const fn = new PciFunction(arena, { name, quirks, ids: IDS, openConfiguration: quirks.on, bars });
  return assemble(fn, bytes ? [memory, ports, plain] : [memory, ports], [plain]);
}

function show({ registers }: RegisterBank, test: Test | undefined, number: number): void {
  registers.set("TEST", test ? number : 0);
  registers.set("WIDTH", test ? 1 : 0);
  registers.set("OFFSET", test?.offset ?? 0);
  registers.set("DATA", test?.data ?? 0);
  registers.set("COUNT", 0);
  for (let index = 0; index < NAME_BYTES; index++)
    registers.set(`NAME_${index}`, test?.name.charCodeAt(index) || 0);
}

function count({ registers }: RegisterBank, { at, value, notified }: ByteWrite): void {
  const test = TESTS.find(({ offset }) => offset === registers.value("OFFSET"));
  if (!test || at !== test.offset || (!test.wildcard && value !== test.data)) return;
  if (!test.notifier || !notified) registers.set("COUNT", registers.value("COUNT") + 1);
}
