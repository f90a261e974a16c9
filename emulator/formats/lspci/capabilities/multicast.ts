/** Multicast (PCIe Base Specification 7.9.11). Sizes beyond 31 bits as lspci has them: it shifts an int. */
import type { Capability, Decoder } from "../capability";
import { bits, hex, sign } from "../text";
import { PORT } from "./express-names";

const LEAST_OVERLAY = 6;

export const multicast: Decoder = (capability) => {
  const { config, at, portType } = capability;
  const [able, control] = [config.word(at + 4), config.word(at + 6)];
  const endpoint = portType === PORT.endpoint || portType === PORT.integrated;
  const port = portType === PORT.root || portType === PORT.upstream || portType === PORT.downstream;
  const size = bits(able, 13, 8);
  const window = endpoint ? `, WindowSz ${size} (${1 << size} bytes)` : "";
  const checked = port ? `, ECRCRegen${sign(able, 15)}\n` : "";
  const [low, high] = [config.long(at + 8), config.long(at + 12)];
  return [
    "Multicast",
    `\t\tMcastCap: MaxGroups ${bits(able, 5, 0) + 1}${window}${checked}\t\tMcastCtl: NumGroups ${bits(control, 5, 0) + 1}, Enable${sign(control, 15)}`,
    `\t\tMcastBAR: IndexPos ${bits(low, 5, 0)}, BaseAddr ${hex(high, 8)}${hex((low & 0xfffff000) >>> 0, 8)}`,
    `\t\tMcastReceiveVec:      ${groups(capability, 16)}`,
    `\t\tMcastBlockAllVec:     ${groups(capability, 24)}`,
    `\t\tMcastBlockUntransVec: ${groups(capability, 32)}`,
    ...(endpoint ? [] : [overlay(capability)]),
  ];
};

function groups({ config, at }: Capability, offset: number): string {
  return hex(config.long(at + offset + 4), 8) + hex(config.long(at + offset), 8);
}

function overlay({ config, at }: Capability): string {
  const [low, high] = [config.long(at + 40), config.long(at + 44)];
  const size = bits(low, 5, 0);
  const bytes = size < LEAST_OVERLAY ? "disabled" : `${1 << size} bytes`;
  return `\t\tMcastOverlayBAR: OverlaySize ${size} (${bytes}), BaseAddr ${hex(high, 8)}${hex((low & 0xffffffc0) >>> 0, 8)}`;
}
