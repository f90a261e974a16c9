/** Access Control Services, Alternative Routing-ID and the translation services (PCIe Base Specification 7.7.8, 7.8.8, 10.5). */
import type { Decoder } from "../capability";
import { bits, hex, signs } from "../text";

const SERVICES = "SrcValid:0 TransBlk:1 ReqRedir:2 CmpltRedir:3 UpstreamFwd:4 EgressCtrl:5 DirectTrans:6";

export const accessControl: Decoder = ({ config, at }) => [
  "Access Control Services",
  `\t\tACSCap:\t${signs(config.word(at + 4), SERVICES)}`,
  `\t\tACSCtl:\t${signs(config.word(at + 6), SERVICES)}`,
];

export const alternativeRouting: Decoder = ({ config, at }) => {
  const [capability, control] = [config.word(at + 4), config.word(at + 6)];
  return [
    "Alternative Routing-ID Interpretation (ARI)",
    `\t\tARICap:\t${signs(capability, "MFVC:0 ACS:1")}, Next Function: ${bits(capability, 15, 8)}`,
    `\t\tARICtl:\t${signs(control, "MFVC:0 ACS:1")}, Function Group: ${bits(control, 6, 4)}`,
  ];
};

export const addressTranslation: Decoder = ({ config, at }) => {
  const [capability, control] = [config.word(at + 4), config.word(at + 6)];
  return [
    "Address Translation Service (ATS)",
    `\t\tATSCap:\tInvalidate Queue Depth: ${hex(bits(capability, 4, 0), 2)}`,
    `\t\tATSCtl:\t${signs(control, "Enable:15")}, Smallest Translation Unit: ${hex(bits(control, 4, 0), 2)}`,
  ];
};

export const pageRequests: Decoder = ({ config, at }) => [
  "Page Request Interface (PRI)",
  `\t\tPRICtl: ${signs(config.word(at + 4), "Enable:0 Reset:1")}`,
  `\t\tPRISta: ${signs(config.word(at + 6), "RF:0 UPRGI:1 Stopped:8")}`,
  `\t\tPage Request Capacity: ${hex(config.long(at + 8), 8)}, Page Request Allocation: ${hex(config.long(at + 12), 8)}`,
];

export const processAddressSpace: Decoder = ({ config, at }) => {
  const capability = config.word(at + 4);
  return [
    "Process Address Space ID (PASID)",
    `\t\tPASIDCap: ${signs(capability, "Exec:1 Priv:2")}, Max PASID Width: ${hex(bits(capability, 12, 8), 2)}`,
    `\t\tPASIDCtl: ${signs(config.word(at + 6), "Enable:0 Exec:1 Priv:2")}`,
  ];
};
