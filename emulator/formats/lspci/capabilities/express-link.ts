/** Link Capabilities, Control and Status (PCIe Base Specification 7.5.3.6 to 7.5.3.8). */
import type { Capability } from "../capability";
import { bits, signs } from "../text";
import { PORT, speed } from "./express-names";

const L0S_EXIT = ["<64ns", "<128ns", "<256ns", "<512ns", "<1us", "<2us", "<4us", "unlimited"] as const;
const L1_EXIT = ["<1us", "<2us", "<4us", "<8us", "<16us", "<32us", "<64us", "unlimited"] as const;
const ASPM = ["not supported", "L0s", "L1", "L0s L1"] as const;
const ASPM_CONTROL = ["Disabled", "L0s Enabled", "L1 Enabled", "L0s L1 Enabled"] as const;

export function link(capability: Capability, type: number): readonly string[] {
  const { config, at } = capability;
  const [able, control, status] = [config.long(at + 12), config.word(at + 16), config.word(at + 18)];
  return [...capabilities(able), ...controls(control, type), ...state({ able, status, type })];
}

function capabilities(able: number): readonly string[] {
  const aspm = bits(able, 11, 10);
  const latencies = [
    ...(aspm & 1 ? [`L0s ${L0S_EXIT[bits(able, 14, 12)]}`] : []),
    ...(aspm & 2 ? [`L1 ${L1_EXIT[bits(able, 17, 15)]}`] : []),
  ];
  const exit = aspm ? `, Exit Latency ${latencies.join(", ")}` : "";
  return [
    `\t\tLnkCap:\tPort #${able >>> 24}, Speed ${speed(able & 15, "unknown")}, Width x${bits(able, 9, 4)}, ASPM ${ASPM[aspm]}${exit}`,
    `\t\t\t${signs(able, "ClockPM:18 Surprise:19 LLActRep:20 BwNot:21 ASPMOptComp:22")}`,
  ];
}

function controls(control: number, type: number): readonly string[] {
  const boundary =
    type === PORT.root || type === PORT.endpoint || type === PORT.legacy || type === PORT.toPci;
  const rcb = boundary ? ` RCB ${control & 8 ? 128 : 64} bytes,` : "";
  return [
    `\t\tLnkCtl:\tASPM ${ASPM_CONTROL[control & 3]};${rcb} ${signs(control, "Disabled:4 CommClk:6")}`,
    `\t\t\t${signs(control, "ExtSynch:7 ClockPM:8 AutWidDis:9 BWInt:10 AutBWInt:11")}`,
  ];
}

interface LinkState {
  readonly able: number;
  readonly status: number;
  readonly type: number;
}

function state({ able, status, type }: LinkState): readonly string[] {
  const [now, width] = [status & 15, bits(status, 9, 4)];
  const compared = (value: number, most: number) => comparison({ value, most, type });
  return [
    `\t\tLnkSta:\tSpeed ${speed(now, "unknown")}${compared(now, able & 15)}, Width x${width}${compared(width, bits(able, 9, 4))}`,
    `\t\t\t${signs(status, "TrErr:10 Train:11 SlotClk:12 DLActive:13 BWMgmt:14 ABWMgmt:15")}`,
  ];
}

/** Above a link, less than the most is no surprise: what is below may not be able to do more. */
function comparison({ value, most, type }: { value: number; most: number; type: number }): string {
  if (value > most) return " (overdriven)";
  const above = type === PORT.root || type === PORT.downstream || type === PORT.fromPci;
  return value === most || above ? "" : " (downgraded)";
}
