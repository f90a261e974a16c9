/**
 * A function as a dump of its configuration space shows it. What stands in the bytes is read; software can write what
 * every header lets it write: Command, BARs, bridge windows and bus numbers.
 * Not modelled: what the device does. Its BARs answer with all ones; registers of capabilities are read-only.
 */
import { ALL_ONES, Io, type Width } from "../core/io";
import type { RegisterBank } from "../core/register-bank";
import { laneMask } from "../core/register-file";
import type { RegisterMap } from "../core/register-map";
import { type BarDeclaration, barRegisters } from "../pci/bar";
import { Bridge } from "../pci/bridge";
import type { Device, DeviceParts, Recording } from "../pci/device";
import { PciFunction } from "../pci/function";

const EXPRESS_BYTES = 4096;
const SRIOV_ID = 0x10;
const HEADER_TYPE = 0x0e;

/** What nobody wrote down reads as ones. */
class Silence extends Io {
  readonly name: string;

  constructor(name: string) {
    super();
    this.name = name;
  }

  peek(_at: number, width: Width): number {
    return (ALL_ONES & laneMask(width)) >>> 0;
  }

  read(at: number, width: Width): number {
    return this.peek(at, width);
  }

  write(): void {
    // Lost: nobody knows what it would have done.
  }
}

export class Recorded implements Device {
  readonly function: PciFunction;
  readonly banks: readonly RegisterBank[] = [];
  readonly #bytes: Uint8Array;

  constructor({ arena, name, recording }: DeviceParts) {
    if (!recording)
      throw new RangeError(`Cannot make ${name}: a recorded function needs its configuration space`);
    this.#bytes = bytesOf(recording);
    const bars = recording.bars.map(
      (bar): BarDeclaration => ({
        ...bar,
        target: { kind: "io", io: new Silence(`${name} BAR ${bar.index}`) },
      }),
    );
    const express = this.#bytes.length >= EXPRESS_BYTES;
    const registers = vfBarRegisters(this.#bytes, recording.vfBars);
    const declaration = { name, ids: idsOf(this.#bytes), bars, express, rom: recording.rom, registers };
    const bridge = (this.#byte(HEADER_TYPE) & 0x7f) === 1;
    this.function = bridge ? new Bridge(arena, declaration) : new PciFunction(arena, declaration);
  }

  /** Back to what was recorded. */
  reset(): void {
    this.function.reset();
    const view = new DataView(this.#bytes.buffer);
    const { config } = this.function;
    for (let at = 0; at + 4 <= Math.min(this.#bytes.length, config.size); at += 4)
      config.setWord(at, view.getInt32(at, true));
  }

  #byte(at: number): number {
    return this.#bytes[at] ?? 0;
  }
}

/** The VF BARs of an SR-IOV capability (PCIe 9.3.3.14): sized like BARs. */
function vfBarRegisters(bytes: Uint8Array, vfBars: Recording["vfBars"]): RegisterMap {
  const capability = extendedCapability(bytes, SRIOV_ID);
  if (!capability || !vfBars.length) return {};
  const moved = Object.entries(barRegisters(vfBars, 6)).map(([name, register]) => [
    name.replace("BASE_ADDRESS", "VF_BAR"),
    { ...register, at: register.at - 0x10 + capability + 0x24 },
  ]);
  return Object.fromEntries(moved) as RegisterMap;
}

/** Offset of an extended capability (PCIe 7.6.3), or 0. */
function extendedCapability(bytes: Uint8Array, id: number): number {
  const view = new DataView(bytes.buffer);
  let at = 0x100;
  for (let left = 96; at >= 0x100 && at + 4 <= bytes.length && left > 0; left--) {
    const header = view.getUint32(at, true);
    if ((header & 0xffff) === id) return at;
    at = header >>> 20;
  }
  return 0;
}

function bytesOf({ config }: Recording): Uint8Array {
  return Uint8Array.from(config.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function idsOf(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer);
  return {
    vendor: view.getUint16(0, true),
    device: view.getUint16(2, true),
    revision: bytes[8] ?? 0,
    classCode: view.getUint32(8, true) >>> 8,
  };
}
