/** A request of the CPU that nobody on the bus claims: the first bridge or function on its way that lets it down. */
import { bus } from "../core/address";
import { hex } from "../core/hex";
import type { Hardware } from "../machine/hardware";
import { bdfOf } from "../machine/watch-target";
import type { Mend } from "../machine/way-views";
import type { Bar } from "../pci/bar";
import { completerOf } from "../pci/failed-request";
import { forwards } from "../pci/forwarding";
import type { PciFunction } from "../pci/function";
import type { Space } from "../pci/place";
import { type Cause, decider, decides, type Question, setField, setRegister } from "./cause";
import { ENABLE_DEVICE } from "./driver-lines";
import type { Death } from "./ending";
import { notThere } from "./not-there";
import { bridgesAbove, declaredFunctions, type Suspect, suspectOf } from "./suspect";
import { outsideWindow } from "./window-cause";

export type Unclaimed = Death & { readonly kind: "unclaimed" };

export function unclaimedCause(machine: Hardware, death: Unclaimed, { linux }: Question): Cause {
  const { space, address, window, passed } = death;
  const last = passed.at(-1)?.bridge;
  const silent = last?.conventionalBelow ? last : undefined;
  const ended = { status: "UR", completer: completerOf(last), port: passed[0]?.bridge, silent } as const;
  const cpu = Number(address) + window.offset;
  const suspect = suspectOf(machine, { space, address, cpu, linux });
  const cause = suspect ? letDownBy(suspect, death) : nobodys(machine, death);
  return { ...cause, ended };
}

/** From the root down: each must be there, forward, and be awake. */
function letDownBy(suspect: Suspect, { space, address }: Unclaimed): Cause {
  const { function: fn, bar, assigned } = suspect;
  const request = { address: bus(address), space };
  for (const bridge of bridgesAbove(fn)) {
    if (!bridge.answers) return notThere(bridge);
    if (!forwards(bridge, request) && !forwards(bridge, { ...request, address: bar.base }))
      return outsideWindow(bridge, fn, { space, bar, address });
    if (!bridge.decodes(space)) return asleepOrOff(bridge, space, fn);
    if (!forwards(bridge, request)) return outsideWindow(bridge, fn, { space, bar, address });
  }
  if (!fn.answers) return notThere(fn);
  if (assigned && !bar.contains(bus(address))) return moved(fn, bar, assigned.start);
  return asleepOrOff(fn, space, fn);
}

const ENABLE = {
  memory: { field: "MEMORY", name: "Memory Space Enable" },
  io: { field: "IO", name: "I/O Space Enable" },
} as const;

function asleepOrOff(fn: PciFunction, space: Space, meant: PciFunction): Cause {
  const above = fn === meant ? "" : `, a bridge above ${meant.name},`;
  const { field, name } = ENABLE[space];
  if (!fn.command[space]) {
    const bit = decider(fn, "COMMAND", { field, wants: "1" });
    const sentence = `Switch ${space === "io" ? "I/O" : "memory"} decoding of ${fn.name} on: pci_enable_device() does, for the bridges above too`;
    return {
      why: `${fn.name}${above} does not decode: ${decides(name, bit)}`,
      decides: bit,
      mends: [setField(fn, "COMMAND", { field, value: 1, sentence, edit: ENABLE_DEVICE })],
    };
  }
  return asleep(fn, above);
}

export function asleep(fn: PciFunction, above = ""): Cause {
  const state = decider(fn, "PM_CTRL", { field: "STATE", wants: "0" });
  return {
    why: `${fn.name}${above} sleeps: ${decides("Power State", state)}, D${state.is}; in it only configuration space answers`,
    decides: state,
    mends: [
      setField(fn, "PM_CTRL", {
        field: "STATE",
        value: 0,
        sentence: `Wake ${fn.name}: write D0`,
        edit: ENABLE_DEVICE,
      }),
    ],
    notes: [
      "From D3hot a function without No_Soft_Reset wakes with empty BARs: pci_restore_state() puts them back.",
    ],
  };
}

/** The BAR is not where Linux put it. */
function moved(fn: PciFunction, bar: Bar, start: bigint): Cause {
  const register = `BASE_ADDRESS_${bar.index}`;
  const bits = decider(fn, register, { field: "ADDRESS", wants: hex(start) });
  const mend: Mend = setRegister(fn, register, {
    value: start & 0xffff_ffffn,
    sentence: `Write back what Linux had put there: a reset empties BARs, pci_restore_state() fills them`,
  });
  const holds = bar.base === 0n ? "holds 0" : `holds ${hex(bar.base)}`;
  return {
    why: `${fn.name} is there, but its BAR ${bar.index} (${bdfOf(fn)}+${hex(0x10 + bar.index * 4)}) ${holds}, and Linux had put it at ${hex(start)}`,
    decides: bits,
    mends: [mend],
  };
}

/** No BAR holds it and none did: what lies next to it. */
function nobodys(machine: Hardware, { space, address, why }: Unclaimed): Cause {
  const near = nearest(machine, space, address);
  const beyond =
    near && `; the nearest is ${rangeText(near)}, which ends ${hex(address - near.end)} bytes before`;
  return {
    why: `no device has this address: ${why}${beyond ?? ""}`,
    mends: [
      {
        sentence: near
          ? `Stay inside the ${near.bar.size} bytes of BAR ${near.bar.index} of ${near.function.name}: pci_resource_len() tells them`
          : "Take the address from pci_resource_start() or pci_iomap(): nothing was ever placed here",
      },
    ],
  };
}

interface Near {
  readonly function: PciFunction;
  readonly bar: Bar;
  readonly end: bigint;
}

/** The last BAR that ends before the address, within as much as it is long. */
function nearest(machine: Hardware, space: Space, address: bigint): Near | undefined {
  const ends = declaredFunctions(machine).flatMap((fn) =>
    fn.bars
      .filter((it) => (it.kind === "io") === (space === "io") && it.base !== 0n)
      .map((bar) => ({ function: fn, bar, end: bar.base + BigInt(bar.size) - 1n })),
  );
  const before = ends.filter(({ end, bar }) => end < address && address - end <= BigInt(bar.size));
  return before.sort((a, b) => Number(b.end - a.end))[0];
}

function rangeText({ function: fn, bar, end }: Near): string {
  return `BAR ${bar.index} of ${fn.name} at ${hex(bar.base)}-${hex(end)}`;
}
