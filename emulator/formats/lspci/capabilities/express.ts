/** PCI Express, the first 20 bytes (PCIe Base Specification 7.5.3): device and link; then slot, root and the second half. */
import type { Capability, Decoder } from "../capability";
import { bits, hex, sign, signs } from "../text";
import { link } from "./express-link";
import { PORT, PORT_NAMES, slotPower } from "./express-names";
import { root, slot } from "./express-port";
import { second } from "./express-second";

const L0S_LATENCY = ["<64ns", "<128ns", "<256ns", "<512ns", "<1us", "<2us", "<4us", "unlimited"] as const;
const L1_LATENCY = ["<1us", "<2us", "<4us", "<8us", "<16us", "<32us", "<64us", "unlimited"] as const;
const ERRORS = "CorrErr:0 NonFatalErr:1 FatalErr:2 UnsupReq:3";
const FUNCTION_LEVEL_RESET = 28;

export const express: Decoder = (capability) => {
  const { flags, verbosity } = capability;
  const type = bits(flags, 7, 4);
  const version = bits(flags, 3, 0);
  const hasSlot = (flags & 0x100) !== 0;
  const name = PORT_NAMES[type] ?? `Unknown type ${type}`;
  const slotted = type === PORT.root || type === PORT.downstream || type === PORT.fromPci;
  const heading = `Express ${verbosity > 1 ? `(v${version}) ` : ""}${name}${slotted ? ` (Slot${sign(flags, 8)})` : ""}, MSI ${hex(bits(flags, 13, 9), 2)}`;
  const integrated = type === PORT.integrated || type === PORT.collector;
  return [
    heading,
    ...deviceCapabilities(capability, type),
    ...deviceControl(capability, type),
    ...(integrated ? [] : link(capability, type)),
    ...(slotted && hasSlot ? slot(capability) : []),
    ...(type === PORT.root || type === PORT.collector ? root(capability) : []),
    ...(version > 1 ? second(capability, type) : []),
  ];
};

function deviceCapabilities({ config, at }: Capability, type: number): readonly string[] {
  const able = config.long(at + 4);
  const endpoint = type === PORT.endpoint || type === PORT.legacy;
  const button = endpoint || type === PORT.upstream || type === PORT.toPci;
  const resets = endpoint || type === PORT.integrated;
  const powered = type === PORT.endpoint || type === PORT.upstream || type === PORT.toPci;
  const latency = `, Latency L0s ${L0S_LATENCY[bits(able, 8, 6)]}, L1 ${L1_LATENCY[bits(able, 11, 9)]}`;
  const flags = [
    `ExtTag${sign(able, 5)}`,
    ...(button ? [signs(able, "AttnBtn:12 AttnInd:13 PwrInd:14")] : []),
    `RBE${sign(able, 15)}`,
    ...(resets ? [`FLReset${sign(able, FUNCTION_LEVEL_RESET)}`] : []),
    ...(powered ? [`SlotPowerLimit ${slotPower(bits(able, 25, 18), bits(able, 27, 26))}`] : []),
  ];
  return [
    `\t\tDevCap:\tMaxPayload ${128 << (able & 7)} bytes, PhantFunc ${2 ** bits(able, 4, 3) - 1}${endpoint ? latency : ""}`,
    `\t\t\t${flags.join(" ")}`,
  ];
}

function deviceControl({ config, at }: Capability, type: number): readonly string[] {
  const [able, control] = [config.long(at + 4), config.word(at + 8)];
  const endpoint = type === PORT.endpoint || type === PORT.legacy || type === PORT.integrated;
  const last =
    type === PORT.toPci
      ? ` BrConfRtry${sign(control, 15)}`
      : endpoint && (able >>> FUNCTION_LEVEL_RESET) & 1
        ? ` FLReset${sign(control, 15)}`
        : "";
  return [
    `\t\tDevCtl:\t${signs(control, ERRORS)}`,
    `\t\t\t${signs(control, "RlxdOrd:4 ExtTag:8 PhantFunc:9 AuxPwr:10 NoSnoop:11")}${last}`,
    `\t\t\tMaxPayload ${128 << bits(control, 7, 5)} bytes, MaxReadReq ${128 << bits(control, 14, 12)} bytes`,
    `\t\tDevSta:\t${signs(config.word(at + 10), `${ERRORS} AuxPwr:4 TransPend:5`)}`,
  ];
}
