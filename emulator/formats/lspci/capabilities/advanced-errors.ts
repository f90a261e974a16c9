/** Advanced Error Reporting (PCIe Base Specification 7.8.4). */
import type { Capability, Decoder } from "../capability";
import { bits, hex, signs } from "../text";

const UNCORRECTABLE =
  "DLP:4 SDES:5 TLP:12 FCP:13 CmpltTO:14 CmpltAbrt:15 UnxCmplt:16 RxOF:17 MalfTLP:18 ECRC:19 UnsupReq:20 ACSViol:21";
const CORRECTABLE = "RxErr:0 BadTLP:6 BadDLLP:7 Rollover:8 Timeout:12 AdvNonFatalErr:13";
const ROOT_PORT = 4;
const EVENT_COLLECTOR = 10;

export const advancedErrors: Decoder = (capability) => {
  const { config, at, portType } = capability;
  const control = config.long(at + 0x18);
  const log = [0x1c, 0x20, 0x24, 0x28].map((offset) => hex(config.long(at + offset), 8));
  return [
    "Advanced Error Reporting",
    `\t\tUESta:\t${signs(config.long(at + 4), UNCORRECTABLE)}`,
    `\t\tUEMsk:\t${signs(config.long(at + 8), UNCORRECTABLE)}`,
    `\t\tUESvrt:\t${signs(config.long(at + 12), UNCORRECTABLE)}`,
    `\t\tCESta:\t${signs(config.long(at + 16), CORRECTABLE)}`,
    `\t\tCEMsk:\t${signs(config.long(at + 20), CORRECTABLE)}`,
    `\t\tAERCap:\tFirst Error Pointer: ${hex(bits(control, 4, 0), 2)}, ${signs(control, "ECRCGenCap:5 ECRCGenEn:6 ECRCChkCap:7 ECRCChkEn:8")}`,
    `\t\t\t${signs(control, "MultHdrRecCap:9 MultHdrRecEn:10 TLPPfxPres:11 HdrLogCap:12")}`,
    `\t\tHeaderLog: ${log.join(" ")}`,
    ...(portType === ROOT_PORT || portType === EVENT_COLLECTOR ? rootErrors(capability) : []),
  ];
};

function rootErrors({ config, at }: Capability): readonly string[] {
  const status = config.long(at + 0x30);
  const source = (offset: number) => hex(config.word(at + offset), 4);
  return [
    `\t\tRootCmd: ${signs(config.long(at + 0x2c), "CERptEn:0 NFERptEn:1 FERptEn:2")}`,
    `\t\tRootSta: ${signs(status, "CERcvd:0 MultCERcvd:1 UERcvd:2 MultUERcvd:3")}`,
    `\t\t\t ${signs(status, "FirstFatal:4 NonFatalMsg:5 FatalMsg:6")} IntMsg ${bits(status, 31, 27)}`,
    `\t\tErrorSrc: ERR_COR: ${source(0x34)} ERR_FATAL/NONFATAL: ${source(0x36)}`,
  ];
}
