/** What dies before any device could answer: no window, no address, no function, no register. */
import { digits, hex } from "../core/hex";
import type { UnplacedView } from "../machine/boot-views";
import type { Hardware } from "../machine/hardware";
import { bankBehind } from "../machine/register-names";
import type { LinuxState } from "../machine/views";
import { bdfOf } from "../machine/watch-target";
import type { Bar } from "../pci/bar";
import type { PciFunction } from "../pci/function";
import { type Cause, decider, decides, type Question, setField, setRegister } from "./cause";
import { ENABLE_DEVICE } from "./driver-lines";
import type { Death } from "./ending";
import { suspectOf } from "./suspect";

type Lost = Death & {
  readonly kind: "no-window" | "platform" | "absent" | "no-address" | "unreachable" | "no-register";
};

export function hostCause(machine: Hardware, death: Lost, { linux }: Question): Cause {
  switch (death.kind) {
    case "no-window":
      return noWindow(machine, death, linux);
    case "platform":
      return {
        why: `the platform has ${death.what} there, whose registers are not modelled`,
        mends: [
          { sentence: "A driver of a PCI device has no business there: take the address from pci_iomap()" },
        ],
      };
    case "absent":
      return absent(death);
    case "no-address":
      return unplaced(machine, death, linux);
    case "unreachable":
      return {
        why: `no window of a host bridge leads to bus address ${hex(death.address)}, and no RAM is there`,
        mends: [
          {
            sentence:
              "A bus address goes into a device's DMA register; the CPU uses what pci_iomap() returns",
          },
        ],
      };
    case "no-register":
      return noRegister(machine, death);
  }
}

function noWindow(
  machine: Hardware,
  { space, address }: Death & { readonly kind: "no-window" },
  linux: LinuxState | undefined,
): Cause {
  const suspect = suspectOf(machine, { space, address: BigInt(address), cpu: address, linux });
  const windows = machine.root.windows.filter(({ kind }) => kind === space);
  const all = windows.map(({ start, end }) => `${hex(start)}-${hex(end)}`).join(", ");
  const nobody = `no window of a host bridge holds ${hex(address)}, and no RAM is there; the windows are ${all}`;
  if (suspect) {
    const { function: fn, bar, assigned } = suspect;
    const cause = outsideEveryWindow(fn, bar, assigned?.start);
    return { ...cause, why: `${cause.why}; ${nobody}`, ended: NOBODY };
  }
  return {
    why: nobody,
    mends: [
      { sentence: "Take the address from pci_resource_start() or pci_iomap(): nothing was ever placed here" },
    ],
    ended: NOBODY,
  };
}

const NOBODY = { status: "UR", completer: undefined, port: undefined } as const;

/** All address bits are ones: that is what sizing writes (PCIe Base Specification 7.5.1.2.1). */
function isBeingSized({ base, size, kind }: Bar): boolean {
  const bits = kind === "mem64" ? 64 : 32;
  const ones = BigInt.asUintN(bits, -BigInt(size));
  return base === ones;
}

function outsideEveryWindow(fn: PciFunction, bar: Bar, assigned: bigint | undefined): Cause {
  const register = `BASE_ADDRESS_${bar.index}`;
  const sized = isBeingSized(bar);
  const space = bar.kind === "io" ? "io" : "memory";
  const live = fn.decodes(space);
  const bit = decider(fn, register, {
    field: "ADDRESS",
    wants: assigned === undefined ? "an address in a window" : hex(assigned),
  });
  const how = sized
    ? `holds ${hex(bar.base)}, all ones as sizing writes them${live ? `, and ${fn.name} decodes there right now` : ""}`
    : `holds ${hex(bar.base)}`;
  const field = space === "io" ? "IO" : "MEMORY";
  const back =
    assigned === undefined
      ? []
      : [
          setRegister(fn, register, {
            value: assigned & 0xffff_ffffn,
            sentence: `Write back what was in BAR ${bar.index} before it was sized`,
          }),
        ];
  const off = setField(fn, "COMMAND", {
    field,
    value: 0,
    sentence: "Switch decoding off before a BAR is sized, and on again when its address is back",
  });
  return {
    why: `BAR ${bar.index} of ${fn.name} (${bit.register} at ${bit.at}) ${how}`,
    decides: bit,
    mends: sized && live ? [...back, off] : back,
  };
}

function absent({ who, bus }: Death & { readonly kind: "absent" }): Cause {
  return {
    why: `there is no function ${who}: configuration requests to bus ${digits(bus, 2)} for it end as Unsupported Request, and nothing is logged`,
    mends: [
      { sentence: "Look at what there is with lspci; after a card was plugged in, let Linux scan again" },
    ],
    ended: NOBODY,
  };
}

function unplaced(
  machine: Hardware,
  { function: fn, bar }: Death & { readonly kind: "no-address" },
  linux: LinuxState | undefined,
): Cause {
  const view = linux?.unplaced.find((it) => it.bdf === bdfOf(fn) && it.index === bar.index);
  const register = `BASE_ADDRESS_${bar.index}`;
  const bit = decider(fn, register, { field: "ADDRESS", wants: "an address in a window" });
  const name = `BAR ${bar.index} of ${fn.name}`;
  if (bar.base === 0n)
    return {
      why: `${name} has no address: ${decides("its base", bit)}${view ? `; ${reasonOf(view)}` : ", and nobody gave it one"}`,
      decides: bit,
      mends: [{ sentence: view ? ROOM : "Let Linux assign it: firmware left it empty", edit: ENABLE_DEVICE }],
      log: view ? noSpace(bar, { fn, view }) : [],
    };
  const inRam =
    machine.physical.ramOffset(Number(bar.base) as Parameters<typeof machine.physical.ramOffset>[0]) !==
    undefined;
  const cause = outsideEveryWindow(fn, bar, undefined);
  return {
    ...cause,
    why: inRam
      ? `${cause.why}, where RAM is: the CPU never gets to the device`
      : `${cause.why}, where no window of a host bridge leads`,
  };
}

const ROOM =
  "Make room: a larger window (pci=realloc, a 64-bit window), fewer devices, or a smaller BAR; pci_enable_device() fails until then";

function reasonOf({ size, align, largestGap, reason }: UnplacedView): string {
  return `Linux could not place its ${size} bytes (alignment ${align}), the largest gap is ${largestGap}: ${reason}`;
}

/** drivers/pci/setup-res.c: what Linux prints as it gives up. */
function noSpace(
  bar: Bar,
  { fn, view }: { readonly fn: PciFunction; readonly view: UnplacedView },
): readonly string[] {
  const marks = `${bar.kind === "mem64" ? " 64bit" : ""}${bar.prefetchable ? " pref" : ""}`;
  const space = bar.kind === "io" ? "io " : "mem";
  const size = `0x${digits(BigInt(view.size), bar.kind === "io" ? 4 : 8)}`;
  const what = `pci ${bdfOf(fn)}: BAR ${bar.index} [${space} size ${size}${marks}]`;
  return [`${what}: can't assign; no space`, `${what}: failed to assign`];
}

function noRegister(
  machine: Hardware,
  { function: fn, bar, inside }: Death & { readonly kind: "no-register" },
): Cause {
  const bank = bankBehind(machine, bar);
  const before = Object.entries(bank?.registers.map ?? {}).findLast(([, it]) => it.at < inside);
  const near = before ? `; the register before is ${bank?.name}.${before[0]} at ${hex(before[1].at)}` : "";
  const known = bank ? "" : `; what ${fn.name} has behind it was not recorded`;
  return {
    why: `${fn.name} decodes the address, but no register is at offset ${hex(inside)} of BAR ${bar.index}${near}${known}`,
    mends: [
      { sentence: "Look for the register's offset in the datasheet: the device answers, with nothing" },
    ],
  };
}
