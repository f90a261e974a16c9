/** A request of a function's own that does not arrive: not allowed to send, refused by the IOMMU, or sent astray. */
import { hex } from "../core/hex";
import type { Hardware } from "../machine/hardware";
import { banks } from "../machine/register-names";
import type { LinuxState } from "../machine/views";
import { bdfOf } from "../machine/watch-target";
import type { Mend } from "../machine/way-views";
import type { PciFunction } from "../pci/function";
import { type Cause, decider, decides, type Question, setField } from "./cause";
import { bufferText, nearestBuffer } from "./dma-buffers";
import { dmaMask, SET_MASTER } from "./driver-lines";
import type { Death } from "./ending";
import { notThere } from "./not-there";
import { remapCause } from "./remap-cause";
import { asleep } from "./unclaimed";

type Sent = Death & { readonly kind: "may-not-send" | "remapping" | "sent-back" | "no-ram" };

export function dmaCause(machine: Hardware, death: Sent, { linux }: Question): Cause {
  switch (death.kind) {
    case "may-not-send":
      return heldCause(death.by, death.from);
    case "remapping":
      return remapCause(machine, death, linux);
    case "sent-back":
      return {
        why: death.why,
        mends: [
          {
            sentence:
              "Give the device an address of RAM: what dma_alloc_coherent() or dma_map_single() returned",
          },
        ],
      };
    case "no-ram":
      return noRam(machine, death, linux);
  }
}

export function heldCause(by: PciFunction, from: PciFunction): Cause {
  if (!by.answers) return notThere(by);
  if (by.command.busMaster) return asleep(by);
  const bit = decider(by, "COMMAND", { field: "MASTER", wants: "1" });
  const above = by === from ? "" : `, a bridge above ${from.name},`;
  const sentence = `Let ${by.name} send requests: pci_set_master() does${by === from ? "" : ", pci_enable_device() for the bridges above"}`;
  return {
    why: `${by.name}${above} may not send: ${decides("Bus Master Enable", bit)}; message interrupts are held back too`,
    decides: bit,
    mends: [setField(by, "COMMAND", { field: "MASTER", value: 1, sentence, edit: SET_MASTER })],
  };
}

function noRam(
  machine: Hardware,
  { from, address }: Sent & { readonly kind: "no-ram" },
  linux: LinuxState | undefined,
): Cause {
  const cut = from && truncation(machine, from, address);
  const buffer = from && nearestBuffer(linux?.dma ?? [], { bdf: bdfOf(from), address });
  const whose = buffer ? `; ${bufferText(buffer, address)}` : "";
  const mends: readonly Mend[] = [
    cut
      ? {
          sentence: "Say how many address bits the device has, and use what dma_map_single() returns",
          edit: dmaMask(cut.bits),
        }
      : {
          sentence:
            "Give the device the dma_addr_t that dma_alloc_coherent() or dma_map_single() returned, not a virtual or physical address",
        },
  ];
  return { why: `no RAM is at ${hex(address)}${cut ? `: ${cut.why}` : ""}${whose}`, mends };
}

export interface Truncation {
  readonly bits: number;
  readonly why: string;
}

/** A register of the device that holds the address with more bits above than the device drives. */
export function truncation(machine: Hardware, fn: PciFunction, address: bigint): Truncation | undefined {
  const bits = machine.devices.find((it) => it.function === fn)?.dmaBits;
  if (bits === undefined) return undefined;
  for (const { function: owner, bank } of banks(machine)) {
    if (owner !== fn) continue;
    for (const [name, { width }] of Object.entries(bank.registers.map)) {
      const held = width === 64 ? bank.registers.get(name) : 0n;
      if (held >> BigInt(bits) === 0n || BigInt.asUintN(bits, held) !== address) continue;
      const why = `${bank.name}.${name} holds ${hex(held)}, and the device drives ${bits} address bits only`;
      return { bits, why };
    }
  }
  return undefined;
}
