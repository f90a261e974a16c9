/** What happens on the way between CPU, functions and RAM: seen, held, and made to fail; and who hears of it. */
import type { Arena } from "../core/arena";
import type { Clock } from "../core/clock";
import { digits, hex } from "../core/hex";
import { low64 } from "../core/io";
import type { BusError, CompletionStatus } from "../core/transaction";
import type { Bar } from "./bar";
import { rootPortOf } from "./bridge";
import { BusPath, type PathParts } from "./bus-path";
import { BusTrace } from "./bus-trace";
import { detectError } from "./detected-error";
import { completerOf, masterAborts, noteFailure, notePoison } from "./failed-request";
import { FAULT_ERRORS, type Fault, FaultInjection } from "./fault-injection";
import type { PciFunction } from "./function";
import type { Fate, InterruptLog } from "./interrupt-log";
import type { Blocked, FabricSide, FunctionSide, Refused, Requested } from "./place";
import { PostedWrites } from "./posted-writes";
import type { Route } from "./route";
import { type Burst, CombiningIo, WriteCombining } from "./write-combining";

type Faulty = Parameters<PathParts["fail"]>[1] & { readonly fault: Fault };

/** A requester waits 50 µs to 50 ms before it gives up (PCIe 2.8). */
const COMPLETION_TIMEOUT_NS = 10_000_000;
const FAULT_KINDS = {
  UR: "master-abort",
  CA: "completer-abort",
  timeout: "timeout",
  poisoned: "poisoned",
  remap: "iommu-fault",
} as const;

const ERROR_MESSAGES = { 1: "ERR_COR", 2: "ERR_NONFATAL", 4: "ERR_FATAL" } as const;

export class Fabric implements FabricSide {
  readonly clock: Clock;
  readonly trace: BusTrace;
  readonly posted: PostedWrites;
  readonly combining: WriteCombining;
  readonly faults = new FaultInjection();
  /** All functions of the machine, also absent ones; their numbers begin at 1. */
  functions: readonly PciFunction[] = [];
  /** What became of each interrupt. */
  interrupts: InterruptLog | undefined;
  /** A transaction did not end well. */
  onError: ((error: BusError) => void) | undefined;

  constructor(arena: Arena, clock: Clock) {
    this.clock = clock;
    this.trace = new BusTrace(arena, clock);
    this.posted = new PostedWrites(arena, clock);
    this.combining = new WriteCombining(arena, clock, this.posted);
    this.combining.send = (burst) => this.#sendBurst(burst);
  }

  /** Names and numbers of the functions, once the machine is built. */
  connect(functions: readonly PciFunction[]): void {
    this.functions = functions;
    this.trace.requesters = functions.map(({ name }) => name);
  }

  numberOf({ name }: FunctionSide): number {
    return this.trace.requesterOf(name);
  }

  blocked(from: FunctionSide, { address, bytes, write, why, remapped }: Blocked): void {
    const sentence = `${from.name} cannot ${write ? "write" : "read"} ${bytes} bytes at ${hex(address)}: ${why}`;
    const kind = remapped ? "iommu-fault" : "dma-blocked";
    this.#tell({ kind, initiator: from.name, address, bytes, write, sentence });
  }

  refused(by: FunctionSide, { bar, at, bytes, write }: Refused): void {
    const fn = this.functions[this.numberOf(by) - 1];
    const base = fn?.bars.find(({ index }) => index === bar)?.base ?? 0n;
    const sentence = `${by.name} refuses a ${write ? "write" : "read"} of ${bytes} bytes at BAR ${bar} + ${hex(at)}: the register has another width`;
    this.#tell({
      kind: "refused-width",
      initiator: "cpu",
      address: base + BigInt(at),
      bytes,
      write,
      sentence,
    });
    if (!write) this.trace.ends("CA");
    noteFailure({ status: "CA", error: FAULT_ERRORS.CA, completer: fn, port: fn && rootPortOf(fn), write });
  }

  losesInterrupt(from: FunctionSide, vector: number): boolean {
    const lost = this.faults.meet(from.name, "interrupt") !== undefined;
    this.interruptFate(from, vector, lost ? "lost" : "sent");
    return lost;
  }

  reported(
    { name }: FunctionSide,
    { severity, source }: { readonly severity: 1 | 2 | 4; readonly source: number },
  ): void {
    const requester = `${digits(source >>> 8, 2)}:${digits((source >>> 3) & 31, 2)}.${source & 7}`;
    const sentence = `${name} received ${ERROR_MESSAGES[severity]} from ${requester}`;
    this.#tell({
      kind: "aer",
      initiator: requester,
      address: BigInt(source),
      bytes: 0,
      write: true,
      sentence,
    });
  }

  interruptFate(from: FunctionSide, vector: number, fate: Fate): void {
    this.interrupts?.message(fate, vector, this.numberOf(from));
    if (fate !== "lost") return;
    const sentence = `The message of vector ${vector} of ${from.name} did not arrive: nobody will ever handle that interrupt`;
    const given = { initiator: from.name, address: BigInt(vector), bytes: 4, write: true };
    this.#tell({ kind: "interrupt-lost", ...given, sentence });
  }

  /** The way to a BAR's registers where it is not the plain one: writes are held, or faults are waited for. */
  pathTo(fn: PciFunction, bar: Bar): BusPath | undefined {
    const { posted, faults } = this;
    if (posted.mode === "prompt" && !faults.concerns(fn.name)) return undefined;
    return this.wayTo(fn, bar);
  }

  /** The way, with all that may happen on it. */
  wayTo(fn: PciFunction, bar: Bar): BusPath {
    const { posted, combining, faults } = this;
    const fail: PathParts["fail"] = (fault, access) => this.#fault(fn, bar, { fault, ...access });
    return new BusPath({ function: fn, bar, path: this.numberOf(fn), posted, combining, faults, fail });
  }

  /** A request of the CPU that nobody claims. */
  unclaimed({ passed, why }: Route & { kind: "dead" }, request: Requested): void {
    const { address, bytes, write, space } = request;
    const what = `${write ? "write" : "read"} of ${bytes} bytes at ${space ? "port " : ""}${hex(address)}`;
    const posted = write && !space;
    this.#tell({
      ...request,
      kind: "master-abort",
      initiator: "cpu",
      sentence: `Nothing answers a ${what}: ${why}`,
    });
    const [last] = passed.slice(-1);
    if (last?.bridge.conventionalBelow && !masterAborts(last.bridge)) return;
    if (!posted) this.trace.ends("UR");
    const completer = completerOf(last?.bridge);
    const port = passed[0]?.bridge;
    noteFailure({ status: "UR", error: FAULT_ERRORS.UR, completer, port, write: posted });
  }

  /** The same for a mapping of memory type WC; `physical` is the BAR's first byte as the CPU sees it. */
  combiningPathTo(fn: PciFunction, bar: Bar, physical: number): CombiningIo | undefined {
    if (this.posted.mode === "prompt") return undefined;
    return new CombiningIo(this.combining, this.wayTo(fn, bar), {
      path: this.numberOf(fn),
      bar: bar.index,
      physical,
    });
  }

  /** A configuration or port access, or a fence: what the CPU holds leaves; what waits on the function's path arrives. */
  push(path?: number): void {
    this.combining.flush();
    if (path !== undefined) this.posted.drain(path);
  }

  /** A request of a function's own is poisoned, as was asked for. */
  poisoned(from: PciFunction, { address, bytes, write }: Requested): void {
    const verb = write ? "write" : "read";
    const sentence = `A ${verb} of ${bytes} bytes at ${hex(address)} by ${from.name} is poisoned, as was asked for`;
    this.#tell({ kind: "poisoned", initiator: from.name, address, bytes, write, sentence });
    const receiver = write ? rootPortOf(from) : from;
    if (!receiver || receiver.quirks.on) return;
    notePoison(receiver, { secondary: write });
    detectError(receiver, FAULT_ERRORS.poisoned);
  }

  #sendBurst({ path, bar, place, physical, data }: Burst): void {
    this.trace.note("MWr", { place: physical, bytes: data.length, value: low64(data) });
    this.posted.post({ direction: "down", path, bar, place, data });
  }

  #fault(fn: PciFunction, bar: Bar, { fault, at, bytes, write }: Faulty): CompletionStatus {
    const address = bar.base + BigInt(at);
    const sentence = `A ${write ? "write" : "read"} of ${bytes} bytes at BAR ${bar.index} + ${hex(at)} of ${fn.name} ends as was asked for: ${fault}`;
    this.#tell({ kind: FAULT_KINDS[fault], initiator: "cpu", address, bytes, write, sentence });
    const status = fault === "poisoned" ? "SC" : fault === "remap" ? "UR" : fault;
    if (!write) this.trace.ends(status);
    noteFailure({ status, error: FAULT_ERRORS[fault], completer: fn, port: rootPortOf(fn), write });
    if (fault === "timeout" && !write) this.clock.spend(COMPLETION_TIMEOUT_NS);
    return status;
  }

  #tell(error: BusError): void {
    this.onError?.(error);
  }
}
