/** Downstream Port Containment and Data Object Exchange (PCIe Base Specification 7.9.14, 7.9.24). */
import type { Decoder } from "../capability";
import { bits, hex, signs } from "../text";

export const containment: Decoder = ({ config, at }) => {
  const [able, control, status] = [config.word(at + 4), config.word(at + 6), config.word(at + 8)];
  return [
    "Downstream Port Containment",
    `\t\tDpcCap:\tINT Msg #${bits(able, 4, 0)}, ${signs(able, "RPExt:5 PoisonedTLP:6 SwTrigger:7")} RP PIO Log ${bits(able, 11, 8)}, ${signs(able, "DL_ActiveErr:12")}`,
    `\t\tDpcCtl:\tTrigger:${control & 3} ${signs(control, "Cmpl:2 INT:3 ErrCor:4 PoisonedTLP:5 SwTrigger:6 DL_ActiveErr:7")}`,
    `\t\tDpcSta:\t${signs(status, "Trigger:0")} Reason:${hex(bits(status, 2, 1), 2)} ${signs(status, "INT:3 RPBusy:4")} TriggerExt:${hex(bits(status, 6, 5), 2)} RP PIO ErrPtr:${hex(bits(status, 12, 8), 2)}`,
    `\t\tSource:\t${hex(config.word(at + 10), 4)}`,
  ];
};

/** lspci takes the lower two bits of its status for the error. */
export const objectExchange: Decoder = ({ config, at }) => {
  const [able, status] = [config.long(at + 4), config.long(at + 12)];
  const message = able & 1 ? [`\t\t\tInterrupt Message Number ${hex(bits(able, 11, 1), 3)}`] : [];
  return [
    "Data Object Exchange",
    `\t\tDOECap: ${signs(able, "IntSup:0")}`,
    ...message,
    `\t\tDOECtl: ${signs(config.long(at + 8), "IntEn:1")}`,
    `\t\tDOESta: ${signs(status, "Busy:0 IntSta:1")} Error${status & 3 ? "+" : "-"} ${signs(status, "ObjectReady:31")}`,
  ];
};
