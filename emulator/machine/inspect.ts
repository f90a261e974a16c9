/** The read-only door: what views, the command line and the debug adapter show, by peek alone. */
import { digits, hex } from "../core/hex";
import { type ExplainOptions, explain } from "../explain/explain";
import { translate } from "../explain/translate";
import { className, deviceName, fewNames, type PciNames } from "../formats/pci-names";
import type { Bar } from "../pci/bar";
import { parseBdf } from "../pci/bdf";
import { Bridge } from "../pci/bridge";
import type { PciFunction } from "../pci/function";
import type { Machine } from "./machine";
import { banks, type Place, physicalOf } from "./register-names";
import { registerView } from "./register-view";
import { lookAt } from "./touch";
import type { BarView, FunctionKind, FunctionView, LinuxState, RegisterView, WindowView } from "./views";
import type { Explanation, Translation } from "./way-views";

export class Inspection {
  readonly #machine: Machine;
  readonly #names: PciNames;

  constructor(machine: Machine, names: PciNames = fewNames) {
    this.#machine = machine;
    this.#names = names;
  }

  /** The functions that Linux enumerated, with their BARs and registers as they are now. */
  functions(linux: LinuxState): readonly FunctionView[] {
    return linux.functions.flatMap((known) => {
      const at = parseBdf(known.bdf);
      const fn = at && this.#machine.root.functionAt(at);
      return fn ? [this.#function(fn, known)] : [];
    });
  }

  translate(address: string): Translation {
    return translate(this.#machine, address);
  }

  /** What becomes of an access, and why. Throws `AddressError`. */
  explain(address: string, options?: ExplainOptions): Explanation {
    return explain(this.#machine, address, options);
  }

  /** `bytes` from an address of any space, up to the first that nothing answers. */
  peek(address: string, bytes: number): { readonly bytes: Uint8Array; readonly unreadable: number } {
    const found = lookAt(this.#machine, address, { offset: 0, count: bytes });
    return { bytes: found, unreadable: bytes - found.length };
  }

  /** Changes when something that a view shows changes: configuration, registers, page tables, the first pages of memory. */
  stateDigest(): number {
    const { arena, devices } = this.#machine;
    let digest = arena.used;
    for (const { function: fn, banks: own } of devices) {
      for (const { base, size } of [fn.config, ...own.map(({ registers }) => registers)]) {
        digest = Math.imul(digest, 31) ^ arena.digest(base, base + Math.min(size, 1024));
      }
    }
    return digest >>> 0;
  }

  #function(fn: PciFunction, { bdf, parent, driver }: LinuxState["functions"][number]): FunctionView {
    const read = (name: string) => fn.config.value(name);
    const classCode = (read("CLASS_DEVICE") << 8) | read("CLASS_PROG");
    const subsystem = subsystemOf(fn);
    return {
      bdf,
      name: fn.name,
      kind: kindOf(fn),
      ...(parent && { parent }),
      className: className(this.#names, classCode),
      title: deviceName(this.#names, { vendor: read("VENDOR_ID"), device: read("DEVICE_ID") }),
      vendor: digits(read("VENDOR_ID"), 4),
      device: digits(read("DEVICE_ID"), 4),
      revision: read("REVISION_ID"),
      classCode,
      ...(subsystem && { subsystem }),
      ...(driver && { driver }),
      command: { io: fn.command.io, memory: fn.command.memory, busMaster: fn.command.busMaster },
      bars: fn.bars.map((bar) => this.#bar(fn, bar)),
      windows: fn instanceof Bridge ? windowsOf(fn) : [],
      ...(fn instanceof Bridge && { buses: [read("SECONDARY_BUS"), read("SUBORDINATE_BUS")] as const }),
      config: this.#config(fn),
    };
  }

  #bar(fn: PciFunction, bar: Bar): BarView {
    const place = banks(this.#machine).find((it) => it.bar === bar);
    const cpu = physicalOf(this.#machine, { bar });
    const why = this.#whyDead(fn, bar);
    return {
      index: bar.index,
      kind: bar.kind,
      prefetchable: bar.prefetchable,
      size: bar.size,
      ...(bar.base !== 0n && { bus: hex(bar.base) }),
      ...(cpu !== undefined && { physical: hex(cpu) }),
      decoding: why === undefined,
      ...(why && { why }),
      registers: place ? this.#registers(place) : [],
    };
  }

  /** The first thing, from the device upwards, that keeps a BAR from answering. */
  #whyDead(fn: PciFunction, { kind, base }: Bar): string | undefined {
    if (base === 0n) return "It has no address";
    const space = kind === "io" ? "io" : "memory";
    const bit = space === "io" ? "I/O Space Enable (Command bit 0)" : "Memory Space Enable (Command bit 1)";
    if (!fn.command[space]) return `${bit} of ${fn.name} is 0`;
    for (let bridge = fn.place?.bus.bridge; bridge; bridge = bridge.place?.bus.bridge) {
      const above = bridge instanceof Bridge ? bridge : undefined;
      if (above && !above.command[space]) return `${bit} of ${above.name}, a bridge above, is 0`;
    }
    return undefined;
  }

  #registers(place: Place): readonly RegisterView[] {
    const start = physicalOf(this.#machine, place);
    return Object.entries(place.bank.registers.map).map(([name, register]) =>
      registerView(place.bank.registers, { device: place.bank.name, name, register, start }),
    );
  }

  #config(fn: PciFunction): readonly RegisterView[] {
    return Object.entries(fn.config.map).map(([name, register]) =>
      registerView(fn.config, { device: `${fn.name}.config`, name, register, start: undefined }),
    );
  }
}

/** Of the header, or of a bridge's subsystem capability (PCI-to-PCI Bridge Architecture 1.2, id 0x0d). */
function subsystemOf(fn: PciFunction): readonly [vendor: string, device: string] | undefined {
  const at = fn instanceof Bridge ? findCapability(fn, 0x0d) + 4 : 0x2c;
  const [vendor, device] = [fn.configPeek(at, 2), fn.configPeek(at + 2, 2)];
  return at === 4 || vendor === 0 || vendor === 0xffff ? undefined : [digits(vendor, 4), digits(device, 4)];
}

/** Offset of a capability, or 0. */
function findCapability(fn: PciFunction, id: number): number {
  if (!(fn.configPeek(6, 2) & 0x10)) return 0;
  let at = fn.configPeek(0x34, 1) & ~3;
  for (let left = 48; at >= 0x40 && left > 0 && fn.configPeek(at, 1) !== id; left--)
    at = fn.configPeek(at + 1, 1) & ~3;
  return at >= 0x40 ? at : 0;
}

function kindOf(fn: PciFunction): FunctionKind {
  if (fn.config.value("CLASS_DEVICE") === 0x0600) return "host-bridge";
  if (!(fn instanceof Bridge)) return "endpoint";
  return fn.place?.bus.bridge ? "bridge" : "root-port";
}

function windowsOf(bridge: Bridge): readonly WindowView[] {
  return bridge
    .windows()
    .map(({ kind, open, start, end }) => ({ kind, open, ...(open && { start: hex(start), end: hex(end) }) }));
}
