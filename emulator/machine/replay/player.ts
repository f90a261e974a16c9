/** Plays one record after the other on a machine. */
import type { Width } from "../../core/io";
import type { Machine } from "../machine";
import { Access } from "./access";
import { Edges } from "./edges";
import { capabilitiesOf, maskOfByte, maskOfWord } from "./masks";
import { Monitor } from "./monitor";
import { type Comparison, compare, TranscriptError, type TranscriptRecord, textOf } from "./transcript";

type Settle = (comparison: Comparison) => void;

const WIDTHS: Readonly<Record<string, Width | 8>> = { b: 1, w: 2, l: 4, q: 8 };
/** What a recorded operation took: a round trip to the recorder. */
const OPERATION_NS = 50_000;
/** The last 64 KiB below 4 GiB are the recorder's ROM. */
const ROM_START = 0xffff_0000;

export class Player {
  readonly #machine: Machine;
  readonly #access: Access;
  readonly #monitor: Monitor;
  readonly #edges = new Edges();
  readonly #bars = new Map<number, number>();
  readonly #bdf: string;

  constructor(machine: Machine, bdf: string) {
    this.#machine = machine;
    this.#bdf = bdf;
    this.#access = new Access(machine);
    this.#monitor = new Monitor(machine);
    machine.interrupts.onEdge = (gsi, asserted) => this.#edges.happen(gsi, asserted);
  }

  /** Does what the record says; `settle` is called with each comparison, for a line maybe later. */
  play(record: TranscriptRecord, settle: Settle): void {
    if (record.op !== "irq") this.#edges.settle(settle);
    const access = /^(mem_|ecam_)?(read|write)([bwlq])$|^(in|out)([bwl])$/.exec(record.op);
    const found = access ? this.#memory(record, access) : this.#other(record, settle);
    if (found) settle(found);
    if (!["meta", "note", "irq", "bar"].includes(record.op)) this.#machine.clock.spend(OPERATION_NS);
  }

  /** After the last record. */
  finish(settle: Settle): void {
    this.#edges.settle(settle);
    this.#edges.finish();
  }

  #memory(
    record: TranscriptRecord,
    [op, space, verb, letter, port, portLetter]: readonly string[],
  ): Comparison | undefined {
    const width = WIDTHS[letter ?? portLetter ?? "l"] ?? 4;
    if (space === "ecam_") return this.#config(record, verb === "read", width as Width);
    const address = this.#addressOf(record);
    if (address === undefined) return undefined;
    const where = `${op} of ${record["bar"] === undefined ? address : `BAR ${Number(record["bar"])} + ${Number(record["off"])}`}`;
    if (port === "in") return compare(where, this.#access.in(address, width as Width), record["value"]);
    if (verb === "read") return compare(where, this.#access.read(address, width), record["value"]);
    const value = BigInt(record["value"] as string | number);
    if (port) this.#access.out(address, width as Width, Number(value));
    else this.#access.write(address, width, value);
    return undefined;
  }

  #other(record: TranscriptRecord, settle: Settle): Comparison | undefined {
    const bdf = textOf(record, "bdf") ?? this.#bdf;
    switch (record.op) {
      case "meta":
      case "note":
        return undefined;
      case "bar":
        this.#bars.set(Number(record["bar"]), Number(record["base"]));
        return undefined;
      case "cfgread":
      case "cfgwrite":
        return this.#config(record, record.op === "cfgread", Number(record["size"]) as Width);
      case "clock_step":
        this.#machine.clock.spend(Number(record["ns"]));
        return undefined;
      case "irq":
        this.#edges.expect({ line: record["line"], level: record["level"] }, settle);
        return undefined;
      case "ram_read":
      case "ram_write":
        return this.#ram(record);
      case "hmp":
        return compare(
          String(record["command"]),
          this.#monitor.run(String(record["command"])),
          record["result"],
        );
      default:
        return this.#compoundOf(record, bdf);
    }
  }

  #compoundOf(record: TranscriptRecord, bdf: string): Comparison {
    switch (record.op) {
      case "cfgmask":
        return this.#compound(
          record,
          maskOfWord(this.#access, { ...record, bdf, reg: Number(record["reg"]) }),
        );
      case "cfgmask8":
        return this.#compound(record, maskOfByte(this.#access, { bdf, reg: Number(record["reg"]) }));
      case "changed":
        return this.#compound(record, { after: Number(this.#access.config(bdf, Number(record["reg"]), 4)) });
      case "caps":
        return this.#capabilities(record, bdf);
      default:
        throw new TranscriptError(`The operation "${record.op}" is not known in this version`);
    }
  }

  #config(record: TranscriptRecord, read: boolean, width: Width): Comparison | undefined {
    const [bdf, reg] = [textOf(record, "bdf") ?? this.#bdf, Number(record["reg"])];
    if (read)
      return compare(
        `${record.op} of ${bdf} register ${reg}`,
        this.#access.config(bdf, reg, width),
        record["value"],
      );
    this.#access.setConfig(bdf, reg, { width, value: Number(record["value"]) });
    return undefined;
  }

  /** Compares every number that the record has. */
  #compound(record: TranscriptRecord, found: Readonly<Record<string, number>>): Comparison {
    const names = Object.keys(found).filter((name) => name in record);
    const recorded = Object.fromEntries(names.map((name) => [name, record[name]]));
    const same = Object.fromEntries(names.map((name) => [name, found[name]]));
    return compare(`${record.op} of register ${record["reg"]}`, same, recorded);
  }

  #capabilities(record: TranscriptRecord, bdf: string): Comparison {
    const sorted = (map: unknown) => Object.entries(map as Readonly<Record<string, number>>).sort();
    const { caps, extended } = capabilitiesOf(this.#access, bdf);
    const recorded = [sorted(record["caps"] ?? {}), sorted(record["extended"] ?? {})];
    return compare(`the capabilities of ${bdf}`, [sorted(caps), sorted(extended)], recorded);
  }

  #ram(record: TranscriptRecord): Comparison | undefined {
    const [at, hex] = [Number(record["addr"]), String(record["hex"])];
    const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    if (record.op === "ram_write") {
      this.#access.setRam(at, bytes);
      return undefined;
    }
    const found = [...this.#access.ram(at, bytes.length)].map((byte) => byte.toString(16).padStart(2, "0"));
    return compare(`RAM at ${at}`, found.join(""), hex);
  }

  /** Undefined where what answered was not the device: RAM or the chipset's ports below a BAR at 0, or the ROM. */
  #addressOf({ op, bar, off, addr }: TranscriptRecord): number | undefined {
    const base = bar === undefined ? undefined : (this.#bars.get(Number(bar)) ?? 0);
    const address = base === undefined ? Number(addr) : base + Number(off);
    const isMemory = !/^(in|out)/.test(op);
    return base === 0 || (isMemory && address >= ROM_START && address < 2 ** 32) ? undefined : address;
  }
}
