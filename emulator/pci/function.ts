/**
 * A PCI function: its configuration space, its BARs, and its side of the link. Whether it decodes or may send is what
 * its Command register holds at that moment.
 */

import { type BusAddress, bus as busAddress } from "../core/address";
import type { Arena } from "../core/arena";
import type { Completion, Width } from "../core/io";
import { laneMask, RegisterFile } from "../core/register-file";
import { Bar, type BarDeclaration, barRegisters } from "./bar";
import { type Capability, capabilityList } from "./capabilities/capability";
import { msiMessage } from "./capabilities/msi";
import { type Ids, type0Header, type1Header } from "./header";
import type { Place, Plugged } from "./place";

export interface FunctionDeclaration {
  /** The machine's own name for it, as in `edu.FACTORIAL`. */
  readonly name: string;
  readonly ids: Ids;
  readonly header?: 0 | 1;
  /** 1 is INTA; 0: none. */
  readonly interruptPin?: number;
  readonly multifunction?: boolean;
  readonly bars?: readonly BarDeclaration[];
  /** Bytes of the expansion ROM, a power of two. */
  readonly rom?: number;
  readonly capabilities?: readonly Capability[];
  /** 4 KiB of configuration space instead of 256 bytes. */
  readonly express?: boolean;
  /** QEMU's quirk: bytes from 0x40 up that belong to no capability are plain memory. */
  readonly openConfiguration?: boolean;
}

const COMMAND = 0x04;
const HEADER_END = 0x40;

export class PciFunction implements Plugged {
  readonly name: string;
  readonly config: RegisterFile;
  readonly bars: readonly Bar[];
  readonly interruptPin: number;
  readonly express: boolean;
  /** Where it is plugged in; set by the bus. */
  place: Place | undefined;

  constructor(arena: Arena, declaration: FunctionDeclaration) {
    const {
      name,
      ids,
      header = 0,
      bars = [],
      capabilities = [],
      express = false,
      interruptPin = 0,
    } = declaration;
    this.name = name;
    this.express = express;
    this.interruptPin = interruptPin;
    const options = {
      type: header,
      multifunction: declaration.multifunction ?? false,
      interruptPin,
      capabilities: capabilities[0]?.at ?? 0,
      bars: barRegisters(bars, header === 0 ? 6 : 2),
      rom: declaration.rom ?? 0,
    };
    const map = {
      ...(header === 0 ? type0Header : type1Header)(ids, options),
      ...capabilityList(capabilities),
    };
    this.config = new RegisterFile(arena, map, { size: express ? 4096 : 256 });
    this.bars = bars.map((bar) => new Bar(this.config, bar));
    if (declaration.openConfiguration) this.#openConfiguration();
  }

  /** Power-on and conventional reset. */
  reset(): void {
    this.config.reset();
  }

  get command(): {
    readonly io: boolean;
    readonly memory: boolean;
    readonly busMaster: boolean;
    readonly intxDisable: boolean;
  } {
    const bits = this.config.word(COMMAND);
    return {
      io: (bits & 1) !== 0,
      memory: (bits & 2) !== 0,
      busMaster: (bits & 4) !== 0,
      intxDisable: (bits & 0x400) !== 0,
    };
  }

  /** Bytes of configuration space are never side-effecting: a read is a peek. Beyond its end: zero. */
  configRead(at: number, width: Width): number {
    return at < this.config.size ? this.config.peek(at, width) >>> 0 : 0;
  }

  configWrite(at: number, { width, value }: { readonly width: Width; readonly value: number }): void {
    if (at >= this.config.size) return;
    const shift = (at & 3) * 8;
    this.config.write(at & ~3, { value: value << shift, lanes: laneMask(width) << shift });
    if (at < HEADER_END) this.place?.bus.root.decodeChanged();
    if ((at & ~3) === COMMAND) this.#updateLine();
  }

  /** The device wants attention: a message if MSI is on, else its INTx line. */
  raise(): void {
    const message = msiMessage(this.config);
    if (message) {
      const bytes = new Uint8Array(new Uint32Array([message.data]).buffer);
      this.dmaWrite(busAddress(message.address), bytes);
      return;
    }
    this.#setInterruptStatus(true);
  }

  /** Nothing wants attention any more. */
  lower(): void {
    this.#setInterruptStatus(false);
  }

  /** Its INTx line is asserted: the status bit, unless INTx Disable holds the line back. */
  get assertsLine(): boolean {
    return this.interruptPin !== 0 && (this.config.value("STATUS") & 8) !== 0 && !this.command.intxDisable;
  }

  /** A memory read of the function's own, into `target`. All ones where it fails. */
  dmaRead(address: BusAddress, target: Uint8Array): Completion {
    const completion = this.#maySend ? (this.place?.bus.root.dmaRead(address, target) ?? "UR") : "UR";
    if (completion !== "SC") target.fill(0xff);
    return completion;
  }

  dmaWrite(address: BusAddress, source: Uint8Array): Completion {
    return this.#maySend ? (this.place?.bus.root.dmaWrite(address, source) ?? "UR") : "UR";
  }

  /** Bus Master Enable, here and at every bridge above, lets requests go upstream. */
  get #maySend(): boolean {
    if (!this.command.busMaster) return false;
    for (let bridge = this.place?.bus.bridge; bridge; bridge = bridge.place?.bus.bridge) {
      if (!bridge.command.busMaster) return false;
    }
    return true;
  }

  #setInterruptStatus(pending: boolean): void {
    const status = this.config.value("STATUS");
    this.config.set("STATUS", pending ? status | 8 : status & ~8);
    this.#updateLine();
  }

  #updateLine(): void {
    if (this.interruptPin) this.place?.bus.root.lineChanged(this);
  }

  #openConfiguration(): void {
    for (let at = HEADER_END; at < this.config.size; at += 4) this.config.openUndefined(at);
  }
}
