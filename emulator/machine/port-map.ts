/**
 * The CPU's I/O space: 64 Ki ports. CONFIG_ADDRESS and CONFIG_DATA belong to the host bridge; all else goes by its I/O
 * windows to whoever claims it. Port accesses are not posted: a write, too, waits for its completion.
 * Not modelled: the chipset's own ports (timers, interrupt controllers, keyboard); they read all ones.
 */
import type { Arena } from "../core/arena";
import type { Clock } from "../core/clock";
import { ALL_ONES, type Io, type Width } from "../core/io";
import { laneMask } from "../core/register-file";
import type { ConfigPorts } from "../pci/config-access";
import type { RootComplex } from "../pci/root-complex";
import type { Route } from "../pci/route";

const CONFIG = { start: 0xcf8, end: 0xcff } as const;
const ACCESS_NS = 1000;
const NO_WINDOW = { kind: "dead", passed: [], why: "no window of the host bridge forwards it" } as const;

export interface PortMapParts {
  readonly arena: Arena;
  readonly clock: Clock;
  readonly root: RootComplex;
  readonly config: ConfigPorts;
  /** Index of the arena word that is not zero while an interrupt waits. */
  readonly interruptPending: number;
}

interface Ended {
  readonly target: Target | undefined;
  readonly width: Width;
  readonly value: number;
}

interface Target {
  readonly io: Io;
  readonly at: number;
  /** Number of the function. */
  readonly path?: number;
}

export class PortMap {
  /** Called after an access while an interrupt waits. */
  onInterrupt: (() => void) | undefined;
  readonly #parts: PortMapParts;

  constructor(parts: PortMapParts) {
    this.#parts = parts;
  }

  /** Looks without touching; all ones where nothing answers. */
  peek(port: number, width: Width): number {
    const target = this.#target(port, width);
    return target ? target.io.peek(target.at, width) : (ALL_ONES & laneMask(width)) >>> 0;
  }

  /** Unsigned; all ones where nothing answers. */
  read(port: number, width: Width): number {
    this.#parts.root.fabric.push();
    this.#parts.clock.spend(ACCESS_NS);
    this.#parts.root.watch?.port({ port, bytes: width, old: this.peek(port, width) });
    const target = this.#target(port, width);
    const value = target ? target.io.read(target.at, width) : (ALL_ONES & laneMask(width)) >>> 0;
    this.#ended("IORd", port, { target, width, value });
    return value;
  }

  write(port: number, access: { readonly width: Width; readonly value: number }): void {
    const { width: bytes, value } = access;
    this.#parts.root.watch?.port({ port, bytes, value, old: this.peek(port, bytes) });
    this.#parts.clock.spend(ACCESS_NS);
    const target = this.#target(port, access.width);
    target?.io.write(target.at, access);
    this.#ended("IOWr", port, { target, ...access });
  }

  /** The way of a port through the host bridge; undefined where no window forwards it. */
  routeOf(port: number): Route | undefined {
    const { root } = this.#parts;
    const window = root.windowOf("io", port);
    return window && root.route(window, port);
  }

  #target(port: number, width: Width): Target | undefined {
    if (port >= CONFIG.start && port + width - 1 <= CONFIG.end)
      return { io: this.#parts.config, at: port - CONFIG.start };
    const routed = this.routeOf(port);
    if (routed?.kind !== "bar" || routed.bar.target.kind !== "io") return undefined;
    const { fabric } = this.#parts.root;
    const io = fabric.pathTo(routed.function, routed.bar) ?? routed.bar.target.io;
    return { io, at: port - Number(routed.bar.base), path: fabric.numberOf(routed.function) };
  }

  /** Port accesses are not posted: what was on its way before, and a write itself, has arrived (PCIe 2.4.1). */
  #ended(kind: "IORd" | "IOWr", port: number, { target, width, value }: Ended): void {
    const { fabric } = this.#parts.root;
    const { trace } = fabric;
    fabric.push(target?.path);
    if (!target) this.#unclaimed(port, { bytes: width, write: kind === "IOWr" });
    if (target?.io !== this.#parts.config)
      trace.note(kind, { place: port, bytes: width, value: BigInt(value >>> 0) });
    this.#deliver();
  }

  #unclaimed(port: number, access: { readonly bytes: number; readonly write: boolean }): void {
    const route = this.routeOf(port) ?? NO_WINDOW;
    const request = { ...access, address: BigInt(port), space: "io" as const };
    if (route.kind === "dead") this.#parts.root.fabric.unclaimed(route, request);
    else this.#parts.root.fabric.trace.ends("UR");
  }

  #deliver(): void {
    if (this.#parts.arena.i32[this.#parts.interruptPending] !== 0) this.onInterrupt?.();
  }
}
