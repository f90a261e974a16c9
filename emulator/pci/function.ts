/**
 * A PCI function: its configuration space, its BARs, and its side of the link. Whether it decodes or may send is what
 * its Command register and its power state hold at that moment.
 */

import { type BusAddress, bus as busAddress } from "../core/address";
import type { Arena } from "../core/arena";
import { ALL_ONES, type Completion, type Width } from "../core/io";
import { laneMask, RegisterFile } from "../core/register-file";
import { Bar } from "./bar";
import { type Message, msiEnabled, msiMessage } from "./capabilities/msi";
import type { Msix } from "./capabilities/msix";
import { configurationMap, type FunctionDeclaration, openConfiguration } from "./declaration";
import { Endurance } from "./endurance";
import { hindranceOf } from "./hindrance";
import { LaterErrors } from "./later-errors";
import type { ConfigLogic, FunctionSide, Place, Space } from "./place";
import { AWAY, type Cut, Presence } from "./presence";
import { type Quirk, Quirks } from "./quirks";
import { Readiness } from "./readiness";

const COMMAND = 0x04;
const PARITY = 0x40;
const MULTIFUNCTION = 0x80;
/** Of Advanced Error Capabilities: Multiple Header Recording Capable. */
const SEVERAL_HEADERS = 0x200;

export class PciFunction implements FunctionSide {
  readonly name: string;
  readonly config: RegisterFile;
  readonly bars: readonly Bar[];
  readonly interruptPin: number;
  readonly express: boolean;
  readonly quirks: Quirks;
  /** Its device has more functions (PCIe 7.5.1.1.9); set by the machine. */
  multifunction = false;
  /** Where it is plugged in; set by the bus. */
  place: Place | undefined;
  /** Puts the whole device back, its own registers too; the function alone where nobody says more. */
  resetDevice: () => void = () => this.reset();
  protected readonly logic: ConfigLogic[];
  /** How long it answers with a retry after a reset. */
  readonly readiness: Readiness;
  readonly laterErrors: LaterErrors | undefined;
  readonly #presence: Presence;
  readonly #msix: Msix | undefined;
  readonly #quirksAt: ReadonlyMap<number, Quirk>;
  readonly #endurance: Endurance;

  constructor(arena: Arena, declaration: FunctionDeclaration) {
    const { name, bars = [], capabilities = [], express = false } = declaration;
    this.name = name;
    this.express = express;
    this.interruptPin = declaration.interruptPin ?? 0;
    this.quirks = declaration.quirks ?? new Quirks("hardware");
    this.#msix = declaration.msix;
    this.#presence = new Presence(arena, () => {
      this.place?.bus.root.decodeChanged();
      this.#updateLine();
    });
    this.readiness = new Readiness(arena);
    const map = configurationMap(declaration);
    this.config = new RegisterFile(arena, map, { size: express ? 4096 : 256 });
    if ((map["AER_CAP"]?.reset ?? 0) & SEVERAL_HEADERS) this.laterErrors = new LaterErrors(arena);
    this.bars = bars.map((bar) => new Bar(this.config, bar));
    for (const { index, target } of this.bars) {
      if (target.kind !== "io") continue;
      target.io.onRefused = (access) => this.place?.bus.root.fabric.refused(this, { bar: index, ...access });
    }
    if (declaration.openConfiguration) openConfiguration(this.config);
    this.#endurance = new Endurance(this.config, capabilities);
    this.#quirksAt = new Map(
      capabilities.flatMap(({ quirks = {} }) =>
        Object.entries(quirks).map(([at, quirk]) => [Number(at), quirk]),
      ),
    );
    this.logic = capabilities.flatMap(({ logic }) => (logic ? [logic(this)] : []));
  }

  /** Power-on. */
  reset(): void {
    this.config.reset();
    if (this.multifunction) this.config.set("HEADER_TYPE", this.config.value("HEADER_TYPE") | MULTIFUNCTION);
    for (const part of this.logic) part.reset?.("cold");
    this.readiness.begin(this.place?.bus.root.fabric.clock.now ?? 0);
  }

  /** A reset that sticky bits outlive (PCIe 6.6, 7.4). */
  resetBy(kind: "hot" | "function"): void {
    const kept = this.quirks.take("PARTIAL_RESET")
      ? this.#endurance.keepAsQemu()
      : this.#endurance.keep(kind);
    this.resetDevice();
    this.#endurance.putBack(kept);
    for (const part of this.logic) part.reset?.(kind);
    this.place?.bus.root.decodeChanged();
    this.#updateLine();
  }

  /** It is plugged in. */
  get present(): boolean {
    return this.#presence.without(AWAY.ABSENT);
  }

  set present(present: boolean) {
    this.#presence.set(AWAY.ABSENT, !present);
  }

  /** One reason not to answer comes or goes; true if it answers again, and so has lost what it held (PCIe 6.6.1). */
  cut(reason: Cut, away: boolean): boolean {
    const before = this.answers;
    this.#presence.set(AWAY[reason], away);
    return !before && this.answers;
  }

  /** It answers requests: it is there and has power. */
  get answers(): boolean {
    return this.#presence.without();
  }

  get command(): {
    readonly io: boolean;
    readonly memory: boolean;
    readonly busMaster: boolean;
    readonly serr: boolean;
    readonly intxDisable: boolean;
  } {
    const bits = this.config.word(COMMAND);
    return {
      io: (bits & 1) !== 0,
      memory: (bits & 2) !== 0,
      busMaster: (bits & 4) !== 0,
      serr: (bits & 0x100) !== 0,
      intxDisable: (bits & 0x400) !== 0,
    };
  }

  /** D0 to D3hot, as PMCSR holds it (PCIe 7.5.2.2). */
  get powerState(): number {
    return this.config.map["PM_CTRL"] ? this.config.value("PM_CTRL") & 3 : 0;
  }

  /** It claims requests of this space: the enable bit is set, and its power state lets it. */
  decodes(space: Space): boolean {
    const enabled = space === "io" ? this.command.io : this.command.memory;
    return enabled && (this.powerState === 0 || this.quirks.take("POWER_STATE_IGNORED"));
  }

  /** Bytes of configuration space are never side-effecting: a read is a peek. Beyond its end: all ones. */
  configRead(at: number, width: Width): number {
    const quirk = at < this.config.size ? this.#quirksAt.get(at & ~3) : undefined;
    if (quirk) this.quirks.take(quirk);
    return this.configPeek(at, width);
  }

  /** A look: no request, and no quirk is taken for it. */
  configPeek(at: number, width: Width): number {
    if (at >= this.config.size) return (ALL_ONES & laneMask(width)) >>> 0;
    return this.config.peek(at, width) >>> 0;
  }

  configWrite(at: number, { width, value }: { readonly width: Width; readonly value: number }): void {
    if (at >= this.config.size) return;
    const shift = (at & 3) * 8;
    const word = at & ~3;
    const write = {
      at: word,
      lanes: laneMask(width) << shift,
      value: value << shift,
      old: this.config.word(word),
    };
    this.config.write(word, write);
    for (const part of this.logic) part.written?.(write);
    this.place?.bus.root.decodeChanged();
    if (word !== COMMAND) return;
    if (this.config.word(COMMAND) & ~write.old & PARITY && this.quirks.take("PARITY_RESPONSE_READ_ONLY"))
      this.config.setWord(COMMAND, this.config.word(COMMAND) & ~PARITY);
    this.#updateLine();
  }

  /** The device wants attention: a message if MSI or MSI-X is on, else its INTx line. */
  raise(vector = 0): void {
    if (!this.sendMessage(vector)) this.setInterruptStatus(true);
  }

  /** Nothing wants attention any more. */
  lower(): void {
    this.setInterruptStatus(false);
  }

  get messagesEnabled(): boolean {
    return this.#msix?.enabled === true || msiEnabled(this.config);
  }

  sendMessage(vector: number): boolean {
    const message = this.#msix?.enabled ? this.#msix.message(vector) : msiMessage(this.config, vector);
    if (message === undefined) return false;
    const fabric = this.place?.bus.root.fabric;
    if (message === "masked") fabric?.interruptFate(this, vector, "masked");
    else if (!fabric?.losesInterrupt(this, vector) && this.#write(message) !== "SC")
      fabric?.interruptFate(this, vector, "lost");
    return true;
  }

  /** Its INTx line is asserted: the status bit, unless INTx Disable holds the line back. */
  get assertsLine(): boolean {
    const status = (this.config.value("STATUS") & 8) !== 0;
    return this.interruptPin !== 0 && status && !this.command.intxDisable && this.answers;
  }

  setInterruptStatus(pending: boolean): void {
    if (this.interruptPin === 0) return;
    const status = this.config.value("STATUS");
    this.config.set("STATUS", pending ? status | 8 : status & ~8);
    this.#updateLine();
  }

  /** A memory read of the function's own, into `target`. All ones where it fails. */
  dmaRead(address: BusAddress, target: Uint8Array): Completion {
    const completion = this.#maySend({ address, bytes: target.length, write: false })
      ? (this.place?.bus.root.dmaRead(this, address, target) ?? "UR")
      : "UR";
    if (completion !== "SC") target.fill(0xff);
    return completion;
  }

  dmaWrite(address: BusAddress, source: Uint8Array): Completion {
    if (!this.#maySend({ address, bytes: source.length, write: true })) return "UR";
    return this.place?.bus.root.dmaWrite(this, address, source) ?? "UR";
  }

  /** Bus Master Enable, here and at every bridge above, lets requests go upstream; so does D0. */
  #maySend(request: { address: BusAddress; bytes: number; write: boolean }): boolean {
    const why = hindranceOf(this);
    if (why) this.place?.bus.root.fabric.blocked(this, { ...request, why });
    return why === undefined;
  }

  #write({ address, data }: Message): Completion {
    return this.dmaWrite(busAddress(address), new Uint8Array(new Uint32Array([data]).buffer));
  }

  #updateLine(): void {
    if (this.interruptPin) this.place?.bus.root.lineChanged(this);
  }
}
