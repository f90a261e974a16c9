/** Latency Tolerance Reporting, L1 PM Substates, Precision Time Measurement (PCIe Base Specification 7.8.2, 7.8.3, 7.9.15). */
import type { Decoder } from "../capability";
import { bits, signs } from "../text";

const SUBSTATES = "PCI-PM_L1.2:0 PCI-PM_L1.1:1 ASPM_L1.2:2 ASPM_L1.1:3";
const POWER_ON_MICROSECONDS = [2, 10, 100] as const;

/** Value and scale, powers of 32, in nanoseconds; the reserved scales as a 32-bit shift has them. */
function latency(value: number, scale: number): number {
  return value * 2 ** ((scale * 5) % 32);
}

export const latencyTolerance: Decoder = ({ config, at }) => {
  const text = (word: number) => `${latency(bits(word, 9, 0), bits(word, 12, 10))}ns`;
  return [
    "Latency Tolerance Reporting",
    `\t\tMax snoop latency: ${text(config.word(at + 4))}`,
    `\t\tMax no snoop latency: ${text(config.word(at + 6))}`,
  ];
};

export const substates: Decoder = ({ config, at }) => {
  const [able, first, second] = [config.long(at + 4), config.long(at + 8), config.long(at + 12)];
  return [
    "L1 PM Substates",
    `\t\tL1SubCap: ${signs(able, `${SUBSTATES} L1_PM_Substates:4`)}`,
    ...(able & 5
      ? [
          `\t\t\t  PortCommonModeRestoreTime=${bits(able, 15, 8)}us PortTPowerOnTime=${powerOn(bits(able, 23, 19), bits(able, 17, 16))}`,
        ]
      : []),
    `\t\tL1SubCtl1: ${signs(first, SUBSTATES)}`,
    ...(able & 5
      ? [
          `\t\t\t   T_CommonMode=${bits(first, 15, 8)}us${able & 4 ? ` LTR1.2_Threshold=${threshold(bits(first, 25, 16), first >>> 29)}` : ""}`,
        ]
      : []),
    `\t\tL1SubCtl2:${able & 5 ? ` T_PwrOn=${powerOn(bits(second, 7, 3), bits(second, 1, 0))}` : ""}`,
  ];
};

function threshold(value: number, scale: number): string {
  return scale > 5 ? "<error>" : `${latency(value, scale)}ns`;
}

function powerOn(value: number, scale: number): string {
  const unit = POWER_ON_MICROSECONDS[scale];
  return unit === undefined ? "<error>" : `${value * unit}us`;
}

export const timeMeasurement: Decoder = ({ config, at }) => {
  const [able, control] = [config.long(at + 4), config.long(at + 8)];
  return [
    "Precision Time Measurement",
    `\t\tPTMCap: ${signs(able, "Requester::0 Responder::1 Root::2")}`,
    `\t\tPTMClockGranularity: ${granularity(bits(able, 15, 8), "Unimplemented")}`,
    `\t\tPTMControl: ${signs(control, "Enabled::0 RootSelected::1")}`,
    `\t\tPTMEffectiveGranularity: ${granularity(bits(control, 15, 8), "Unknown")}`,
  ];
};

function granularity(nanoseconds: number, none: string): string {
  if (nanoseconds === 0) return none;
  return nanoseconds === 0xff ? "Greater than 254ns" : `${nanoseconds}ns`;
}
