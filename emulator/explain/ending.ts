/** How a walk goes on, and how it ends. */
import type { PhysicalAddress, VirtualAddress } from "../core/address";
import { hex } from "../core/hex";
import type { RegisterFile } from "../core/register-file";
import { mostPermissive } from "../machine/register-view";
import { bdfOf } from "../machine/watch-target";
import type { Hop, Translation } from "../machine/way-views";
import type { Entry, WalkFault } from "../mmu/page-table";
import type { Bar } from "../pci/bar";
import type { PciFunction } from "../pci/function";
import type { Space } from "../pci/place";
import type { HostWindow } from "../pci/root-complex";
import type { Passed } from "../pci/route";
import { readConfig, readRegister } from "./reads";

/** The byte that a walk reaches. */
export type Target =
  | { readonly kind: "ram"; readonly address: PhysicalAddress }
  | { readonly kind: "bar"; readonly function: PciFunction; readonly bar: Bar; readonly inside: number }
  | { readonly kind: "configuration"; readonly function: PciFunction; readonly at: number }
  | {
      readonly kind: "platform";
      readonly device: string;
      readonly inside: number;
      readonly address: PhysicalAddress;
    }
  | { readonly kind: "message"; readonly address: bigint };

/** Where a walk dies, and what is known there. */
export type Death =
  | {
      readonly kind: "page";
      readonly fault: WalkFault;
      readonly entry: Entry;
      readonly address: VirtualAddress;
    }
  | { readonly kind: "no-window"; readonly space: Space; readonly address: number }
  | { readonly kind: "platform"; readonly what: string; readonly space: Space }
  | { readonly kind: "absent"; readonly who: string; readonly bus: number }
  | {
      readonly kind: "unclaimed";
      readonly space: Space;
      readonly address: bigint;
      /** The window by which the request came to the bus, and the bridges that it passed. */
      readonly window: HostWindow;
      readonly passed: readonly Passed[];
      readonly why: string;
    }
  | {
      readonly kind: "no-register";
      readonly function: PciFunction;
      readonly bar: Bar;
      readonly inside: number;
    }
  | { readonly kind: "no-address"; readonly function: PciFunction; readonly bar: Bar }
  | { readonly kind: "unreachable"; readonly address: bigint }
  | {
      readonly kind: "may-not-send";
      readonly from: PciFunction;
      readonly by: PciFunction;
      readonly why: string;
    }
  | {
      readonly kind: "remapping";
      readonly from: PciFunction;
      readonly requester: number;
      readonly address: bigint;
      readonly write: boolean;
      readonly reason: number;
      readonly text: string;
    }
  | { readonly kind: "sent-back"; readonly from: PciFunction; readonly why: string }
  | { readonly kind: "no-ram"; readonly from: PciFunction | undefined; readonly address: bigint };

export type Ending = Pick<Translation, "hops" | "end" | "sentence"> & {
  readonly target?: Target;
  readonly death?: Death;
};

export interface Start {
  /** How the sentence calls what was asked for. */
  readonly name: string;
  readonly hops: readonly Hop[];
}

export function dead(title: string, gives = "all ones"): Hop {
  return { kind: "dead", title, facts: [{ label: "a read gives", value: gives }] };
}

/** Throws RangeError for a name that the file does not have. `at`: where it lies, as translate takes it. */
export function registerHop(
  device: string,
  { file, name, at }: { readonly file: RegisterFile; readonly name: string; readonly at: string },
): Hop {
  const declared = file.map[name];
  if (!declared) throw new RangeError(`${device} has no register ${name}`);
  const facts = [
    { label: "value", value: valueText(file, name) },
    { label: "access", value: mostPermissive(declared) },
    { label: "meaning", value: declared.doc },
  ];
  const reads = [readRegister(file, { device, name, at })];
  return { kind: "register", title: `${device}.${name}`, facts, reads };
}

/** What a register holds; of one that can only be written, nothing is told. */
export function valueText(file: RegisterFile, name: string): string {
  return file.map[name]?.access === "wo" ? "write-only" : hex(file.get(name));
}

/** A register of configuration space as a hop. */
export function configHop(fn: PciFunction, name: string): Hop {
  const at = readConfig(fn, name).at;
  return registerHop(`${fn.name}.config`, { file: fn.config, name, at });
}

/** One name for a byte, whatever way leads there. */
export function targetName(target: Target): string {
  if (target.kind === "ram") return `RAM+${hex(target.address)}`;
  if (target.kind === "platform") return `${target.device}+${hex(target.inside)}`;
  if (target.kind === "message") return `message+${hex(target.address)}`;
  if (target.kind === "configuration") return `${bdfOf(target.function)}+${hex(target.at)}`;
  return `${target.function.name} BAR${target.bar.index}+${hex(target.inside)}`;
}
