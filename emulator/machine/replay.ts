/**
 * Drives a device model with a transcript recorded on another implementation, and compares every answer.
 * A transcript is a list of records; time passes only where it says so, and a little with every operation.
 */
import { highHalf, lowHalf, offset, physical, type VirtualAddress, virtual } from "../core/address";
import { Arena } from "../core/arena";
import type { Width } from "../core/io";
import { PTE } from "../mmu/page-table";
import { configRead, configWrite } from "../pci/config-access";
import { q35 } from "./built-in";
import { catalogue } from "./catalogue";
import { Machine } from "./machine";

/** One line of a transcript. Numbers are decimal, 64-bit values hexadecimal text. */
export interface TranscriptRecord {
  readonly op: string;
  readonly [field: string]: unknown;
}

export interface Difference {
  /** Line in the transcript, from 1. */
  readonly line: number;
  readonly sentence: string;
}

export interface ReplayResult {
  readonly matched: number;
  readonly differences: readonly Difference[];
}

/** What a recorded operation took: a round trip to the recorder. */
const OPERATION_NS = 50_000;
const ARENA_BYTES = 1 << 28;
const GIB = 2 ** 30;
const DIRECT_MAP = virtual(-0x7780_0000_0000);
const WIDTHS: Readonly<Record<string, Width | 8>> = { b: 1, w: 2, l: 4, q: 8 };

/** A transcript that this version cannot drive; the message says why. */
export class TranscriptError extends Error {}

export function replay(records: readonly TranscriptRecord[]): ReplayResult {
  const meta = records[0];
  if (meta?.op !== "meta") throw new TranscriptError('Line 1 is no "meta" record: this is no transcript');
  const player = new Player(meta);
  const differences = records.flatMap((record, index) => {
    const sentence = player.play(record);
    return sentence ? [{ line: index + 1, sentence }] : [];
  });
  return { matched: player.compared - differences.length, differences };
}

class Player {
  compared = 0;
  readonly #machine: Machine;
  readonly #slot: number;
  readonly #bars = new Map<number, number>();
  #lines = 0;
  readonly #edges: string[] = [];

  constructor(meta: TranscriptRecord) {
    const { device, slot } = deviceOf(meta);
    this.#slot = slot;
    const functions = [
      { at: "00.0", device: "host-bridge" },
      { at: `${slot.toString(16).padStart(2, "0")}.0`, device },
    ];
    const description = {
      ...q35,
      name: "replay",
      title: "Replay of a transcript",
      ram: 256 << 20,
      functions,
    };
    this.#machine = new Machine(description, Arena.create(ARENA_BYTES), { fidelity: "qemu" });
    this.#machine.powerOn();
    this.#mapEverything();
  }

  /** Does what the record says; a sentence if the answer is another one. */
  play(record: TranscriptRecord): string | undefined {
    const memory = /^(read|write)([bwlq])$/.exec(record.op);
    const found = memory ? this.#access(record, memory) : this.#other(record);
    if (record.op !== "note" && record.op !== "irq") this.#pass(OPERATION_NS);
    return found;
  }

  #other(record: TranscriptRecord): string | undefined {
    switch (record.op) {
      case "meta":
      case "note":
        return undefined;
      case "bar":
        this.#bars.set(Number(record["bar"]), Number(record["base"]));
        return undefined;
      case "cfgread":
        return this.#compare(
          record,
          BigInt(configRead(this.#machine.root, this.#place(record), widthOf(record))),
        );
      case "cfgwrite":
        configWrite(this.#machine.root, this.#place(record), {
          width: widthOf(record),
          value: Number(record["value"]),
        });
        return undefined;
      case "clock_step":
        this.#pass(Number(record["ns"]));
        return undefined;
      case "irq":
        return this.#irq(record);
      case "ram_read":
      case "ram_write":
        return this.#ram(record);
      default:
        throw new TranscriptError(`The operation "${record.op}" is not known in this version`);
    }
  }

  #access(record: TranscriptRecord, [, kind, letter = "l"]: readonly string[]): string | undefined {
    const at = offset(DIRECT_MAP, (this.#bars.get(Number(record["bar"])) ?? 0) + Number(record["off"]));
    const width = WIDTHS[letter] ?? 4;
    if (kind === "read") return this.#compare(record, this.#read(at, width));
    this.#write(at, width, BigInt(record["value"] as string | number));
    return undefined;
  }

  #read(at: VirtualAddress, width: Width | 8): bigint {
    const { cpu } = this.#machine;
    const [high, low] = [highHalf(at), lowHalf(at)];
    if (width === 8) return cpu.read64(high, low);
    if (width === 4) return BigInt(cpu.read32(high, low) >>> 0);
    return BigInt(width === 2 ? cpu.read16(high, low) : cpu.read8(high, low));
  }

  #write(at: VirtualAddress, width: Width | 8, value: bigint): void {
    const { cpu } = this.#machine;
    const [high, low] = [highHalf(at), lowHalf(at)];
    if (width === 8) cpu.write64(high, low, value);
    else if (width === 4) cpu.write32(high, low, Number(BigInt.asIntN(32, value)));
    else if (width === 2) cpu.write16(high, low, Number(value));
    else cpu.write8(high, low, Number(value));
  }

  #ram(record: TranscriptRecord): string | undefined {
    const hex = String(record["hex"]);
    const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    const at = Number(record["addr"]);
    if (record.op === "ram_write") {
      this.#machine.ram.copyIn(at, bytes);
      return undefined;
    }
    this.compared++;
    const found = new Uint8Array(bytes.length);
    this.#machine.ram.copyOut(at, found);
    const text = [...found].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return text === hex ? undefined : `RAM at ${at} holds ${text}, recorded was ${hex}`;
  }

  #irq(record: TranscriptRecord): string | undefined {
    this.compared++;
    const wanted = `line ${record["line"]} level ${record["level"]}`;
    const found = this.#edges.shift() ?? "no edge";
    return found === wanted ? undefined : `interrupt: ${found}, recorded was ${wanted}`;
  }

  #compare(record: TranscriptRecord, found: bigint): string | undefined {
    this.compared++;
    const wanted = BigInt(record["value"] as string | number);
    const { bar, off, reg } = record as Readonly<Record<string, string | number>>;
    const where = reg === undefined ? `BAR ${bar} + ${off}` : `configuration ${reg}`;
    return found === wanted ? undefined : `${record.op} of ${where} gives ${found}, recorded was ${wanted}`;
  }

  #pass(nanoseconds: number): void {
    this.#machine.clock.spend(nanoseconds);
    const changed = this.#machine.interrupts.levels ^ this.#lines;
    this.#lines = this.#machine.interrupts.levels;
    for (let gsi = 0; gsi < 24; gsi++) {
      if (changed & (1 << gsi)) this.#edges.push(`line ${gsi} level ${(this.#lines >>> gsi) & 1}`);
    }
  }

  #place({ reg }: TranscriptRecord): { bus: number; device: number; function: number; at: number } {
    return { bus: 0, device: this.#slot, function: 0, at: Number(reg) };
  }

  /** The first 4 GiB of physical addresses, so that the CPU's own path is compared. */
  #mapEverything(): void {
    const pages = [physical(0xff00000), physical(0xff01000)];
    const takePage = () => pages.pop() ?? physical(0);
    this.#machine.cr3 = takePage();
    for (let at = 0; at < 4 * GIB; at += GIB) {
      this.#machine.pageTable.map(offset(DIRECT_MAP, at), physical(at), {
        flags: PTE.PRESENT | PTE.WRITE,
        level: 3,
        takePage,
      });
    }
  }
}

function widthOf({ size }: TranscriptRecord): Width {
  return size === 1 || size === 2 ? size : 4;
}

/** The device under test and its slot, from the recorder's command line. */
function deviceOf({ argv }: TranscriptRecord): { device: string; slot: number } {
  const words = Array.isArray(argv) ? argv.map(String) : [];
  const text = words[words.lastIndexOf("-device") + 1] ?? "";
  const [device = "", ...options] = text.split(",");
  const slot = options.find((option) => option.startsWith("addr="))?.slice(5) ?? "4";
  if (!catalogue.has(device))
    throw new TranscriptError(`There is no model of the device "${device}" in this version`);
  return { device, slot: Number.parseInt(slot, 16) };
}
