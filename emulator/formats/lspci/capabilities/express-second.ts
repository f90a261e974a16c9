/** The second half of PCI Express, from version 2 on (PCIe Base Specification 7.5.3.15 to 7.5.3.20). */
import { hasMemoryBar } from "../base-address";
import type { Capability } from "../capability";
import { bits, sign, signs } from "../text";
import { PORT, speed } from "./express-names";

const RANGES: Readonly<Record<number, string>> = {
  0: "Not Supported",
  1: "Range A",
  2: "Range B",
  3: "Range AB",
  6: "Range BC",
  7: "Range ABC",
  14: "Range BCD",
  15: "Range ABCD",
};
const TIMEOUTS: Readonly<Record<number, string>> = {
  0: "50us to 50ms",
  1: "50us to 100us",
  2: "1ms to 10ms",
  5: "16ms to 55ms",
  6: "65ms to 210ms",
  9: "260ms to 900ms",
  10: "1s to 3.5s",
  13: "4s to 13s",
  14: "17s to 64s",
};
const FLUSH = ["Not Supported", "Via message", "Via WAKE#", "Via message/WAKE#"] as const;
const FLUSH_CONTROL = ["Disabled", "Via message A", "Via message B", "Via WAKE#"] as const;
const REDUCTION = ["Not Supported", "Dev Specific", "Form Factor Dev Specific", "Reserved"] as const;
const LINE_SIZE = ["Not Supported", "64byte cachelines", "128byte cachelines", "Reserved"] as const;
const HINTS = ["TPHComp- ExtTPHComp-", "TPHComp+ ExtTPHComp-", "", "TPHComp+ ExtTPHComp+"] as const;
const SPEED_RANGES: readonly (readonly [mask: number, text: string])[] = [
  [0x60, "RsvdP"],
  [0x10, "2.5-32GT/s"],
  [0x08, "2.5-16GT/s"],
  [0x04, "2.5-8GT/s"],
  [0x02, "2.5-5GT/s"],
  [0x01, "2.5GT/s"],
];
const MARGINS = [
  "Normal Operating Range",
  "800-1200mV(full-swing)/400-700mV(half-swing)",
  ...Array.from({ length: 4 }, () => "200-400mV(full-swing)/100-200mV(half-swing)"),
];
const PRESETS = [
  "-6dB de-emphasis, 0dB preshoot",
  "-3.5dB de-emphasis, 0dB preshoot",
  "-4.4dB de-emphasis, 0dB preshoot",
  "-2.5dB de-emphasis, 0dB preshoot",
  "0dB de-emphasis, 0dB preshoot",
  "0dB de-emphasis, 1.9dB preshoot",
  "0dB de-emphasis, 2.5dB preshoot",
  "-6.0dB de-emphasis, 3.5dB preshoot",
  "-3.5dB de-emphasis, 3.5dB preshoot",
  "0dB de-emphasis, 3.5dB preshoot",
] as const;
const BELOW = [
  "Link Down - Not Determined",
  "Link Down - Not Present",
  "Link Down - Present",
  "Reserved",
  "Link Up - Present",
  "Link Up - Present and DRS Received",
  "Reserved",
  "Reserved",
] as const;
const CROSSLINKS = ["unsupported", "Upstream Port", "Downstream Port", "incomplete"] as const;

export function second(capability: Capability, type: number): readonly string[] {
  const integrated = type === PORT.integrated || type === PORT.collector;
  return [
    ...deviceCapabilities(capability, type),
    ...deviceControl(capability, type),
    ...(integrated ? [] : [...linkControl(capability, type), ...linkStatus(capability, type)]),
  ];
}

function deviceCapabilities(capability: Capability, type: number): readonly string[] {
  const able = capability.config.long(capability.at + 36);
  const prefixes = (able >>> 21) & 1 ? `, MaxEETLPPrefixes ${bits(able, 23, 22) || 4}` : "";
  const completes = [
    ...(type === PORT.root ? [` LN System CLS ${LINE_SIZE[bits(able, 15, 14)]},`] : []),
    ...(type === PORT.root || type === PORT.endpoint ? [` ${HINTS[bits(able, 13, 12)]}`] : []),
    ...(type === PORT.root || type === PORT.downstream ? [` ARIFwd${sign(able, 5)}`] : []),
  ];
  const atomics = atomicOperations(capability, { able, type });
  return [
    `\t\tDevCap2: Completion Timeout: ${RANGES[able & 15] ?? "Unknown"}, ${signs(able, "TimeoutDis:4 NROPrPrP:10 LTR:11")}`,
    `\t\t\t ${signs(able, "10BitTagComp:16 10BitTagReq:17")} OBFF ${FLUSH[bits(able, 19, 18)]}, ${signs(able, "ExtFmt:20 EETLPPrefix:21")}${prefixes}`,
    `\t\t\t EmergencyPowerReduction ${REDUCTION[bits(able, 25, 24)]}, EmergencyPowerReductionInit${sign(able, 26)}`,
    `\t\t\t FRS${sign(able, 31)}${completes.join("")}`,
    ...(atomics ? [`\t\t\t AtomicOpsCap: ${atomics}`] : []),
  ];
}

/** A port routes them; whoever has memory completes them. */
function atomicOperations({ device }: Capability, { able, type }: { able: number; type: number }): string {
  const routes = type === PORT.root || type === PORT.upstream || type === PORT.downstream;
  const completes = type === PORT.root || hasMemoryBar(device);
  return [
    ...(routes ? [`Routing${sign(able, 6)}`] : []),
    ...(completes ? [signs(able, "32bit:7 64bit:8 128bitCAS:9")] : []),
  ].join(" ");
}

function deviceControl({ config, at }: Capability, type: number): readonly string[] {
  const control = config.word(at + 40);
  const forwards = type === PORT.root || type === PORT.downstream ? ` ARIFwd${sign(control, 5)}` : "";
  const requests =
    type === PORT.root || type === PORT.endpoint || type === PORT.integrated || type === PORT.legacy;
  const routes = type === PORT.root || type === PORT.upstream || type === PORT.downstream;
  const atomics = [
    ...(requests ? [`ReqEn${sign(control, 6)}`] : []),
    ...(routes ? [`EgressBlck${sign(control, 7)}`] : []),
  ];
  return [
    `\t\tDevCtl2: Completion Timeout: ${TIMEOUTS[control & 15] ?? "Unknown"}, ${signs(control, "TimeoutDis:4 LTR:10 10BitTagReq:12")} OBFF ${FLUSH_CONTROL[bits(control, 14, 13)]},${forwards}`,
    ...(atomics.length ? [`\t\t\t AtomicOpsCtl: ${atomics.join(" ")}`] : []),
  ];
}

/** These two belong to function 0 of a device. */
function linkControl({ config, at, device }: Capability, type: number): readonly string[] {
  const endpoint = type === PORT.endpoint || type === PORT.legacy;
  if (endpoint && !device.name.endsWith(":00.0")) return [];
  const [able, control] = [config.long(at + 44), config.word(at + 48)];
  const speeds = SPEED_RANGES.find(([mask]) => bits(able, 7, 1) & mask)?.[1] ?? "Unknown";
  const selectable =
    type === PORT.downstream ? `, Selectable De-emphasis: ${deEmphasis(bits(control, 6, 6))}` : "";
  return [
    ...(able
      ? [
          `\t\tLnkCap2: Supported Link Speeds: ${speeds}, ${signs(able, "Crosslink:8 Retimer:23 2Retimers:24 DRS:31")}`,
        ]
      : []),
    `\t\tLnkCtl2: Target Link Speed: ${speed(control & 15 || 1, "Unknown")}, ${signs(control, "EnterCompliance:4 SpeedDis:5")}${selectable}`,
    `\t\t\t Transmit Margin: ${MARGINS[bits(control, 9, 7)] ?? "Unknown"}, ${signs(control, "EnterModifiedCompliance:10 ComplianceSOS:11")}`,
    `\t\t\t Compliance Preset/De-emphasis: ${PRESETS[bits(control, 15, 12)] ?? "Unknown"}`,
  ];
}

function linkStatus({ config, at }: Capability, type: number): readonly string[] {
  const [able, status] = [config.long(at + 44), config.word(at + 50)];
  const above = type === PORT.root || type === PORT.downstream || type === PORT.fromPci;
  const tellsReadiness = above && able >>> 31 !== 0;
  const readiness = tellsReadiness ? `, DRS${sign(status, 15)}` : "";
  return [
    `\t\tLnkSta2: Current De-emphasis Level: ${deEmphasis(status & 1)}, ${signs(status, "EqualizationComplete:1 EqualizationPhase1:2")}`,
    `\t\t\t ${signs(status, "EqualizationPhase2:3 EqualizationPhase3:4 LinkEqualizationRequest:5")}`,
    `\t\t\t ${signs(status, "Retimer:6 2Retimers:7")} CrosslinkRes: ${CROSSLINKS[bits(status, 9, 8)]}${readiness}`,
    ...(tellsReadiness ? [`\t\t\t DownstreamComp: ${BELOW[bits(status, 14, 12)]}`] : []),
  ];
}

function deEmphasis(selected: number): string {
  return selected ? "-3.5dB" : "-6dB";
}
