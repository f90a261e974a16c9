/** Which decoder an identifier has (PCI Code and ID Assignment Specification 1.16, 2 and 3). */
import {
  accessControl,
  addressTranslation,
  alternativeRouting,
  pageRequests,
  processAddressSpace,
} from "./capabilities/access-control";
import { advancedErrors } from "./capabilities/advanced-errors";
import { agp } from "./capabilities/agp";
import { containment, objectExchange } from "./capabilities/containment";
import { enhancedAllocation } from "./capabilities/enhanced-allocation";
import { express } from "./capabilities/express";
import {
  designatedVendor,
  extendedVendor,
  processingHints,
  secondaryExpress,
} from "./capabilities/extended-small";
import { hypertransport } from "./capabilities/hypertransport";
import { latencyTolerance, substates, timeMeasurement } from "./capabilities/link-power";
import { msi, msix } from "./capabilities/msi";
import { multicast } from "./capabilities/multicast";
import { pciX } from "./capabilities/pci-x";
import { powerManagement } from "./capabilities/power-management";
import { resizable } from "./capabilities/resizable";
import { eventCollector, rootComplexLink } from "./capabilities/root-complex";
import {
  advancedFeatures,
  debugPort,
  sata,
  serialNumber,
  slotId,
  subsystemId,
  vitalProductData,
} from "./capabilities/small";
import { vendorSpecific } from "./capabilities/vendor";
import { virtualChannel } from "./capabilities/virtual-channel";
import { virtualFunctions } from "./capabilities/virtual-functions";
import { type Decoder, says } from "./capability";

type Decoders = Readonly<Record<number, Decoder>>;

export const STANDARD: Decoders = {
  0: says("Null"),
  1: powerManagement,
  2: agp,
  3: vitalProductData,
  4: slotId,
  5: msi,
  6: says("CompactPCI hot-swap <?>"),
  7: pciX,
  8: hypertransport,
  9: vendorSpecific,
  10: debugPort,
  11: says("CompactPCI central resource control <?>"),
  12: says("Hot-plug capable"),
  13: subsystemId,
  14: says("AGP3 <?>"),
  15: says("Secure device <?>"),
  16: express,
  17: msix,
  18: sata,
  19: advancedFeatures,
  20: enhancedAllocation,
};

export const EXTENDED: Decoders = {
  0: says("Null"),
  1: advancedErrors,
  2: virtualChannel,
  3: serialNumber,
  4: says("Power Budgeting <?>"),
  5: rootComplexLink,
  6: says("Root Complex Internal Link <?>"),
  7: eventCollector,
  8: says("Multi-Function Virtual Channel <?>"),
  9: virtualChannel,
  10: says("Root Complex Register Block <?>"),
  11: extendedVendor,
  13: accessControl,
  14: alternativeRouting,
  15: addressTranslation,
  16: virtualFunctions,
  17: says("Multi-Root I/O Virtualization <?>"),
  18: multicast,
  19: pageRequests,
  21: resizable("Physical"),
  22: says("Dynamic Power Allocation <?>"),
  23: processingHints,
  24: latencyTolerance,
  25: secondaryExpress,
  26: says("Protocol Multiplexing <?>"),
  27: processAddressSpace,
  28: says("LN Requester <?>"),
  29: containment,
  30: substates,
  31: timeMeasurement,
  32: says("PCI Express over M_PHY <?>"),
  33: says("FRS Queueing <?>"),
  34: says("Readiness Time Reporting <?>"),
  35: designatedVendor,
  36: resizable("Virtual"),
  37: says("Data Link Feature <?>"),
  38: says("Physical Layer 16.0 GT/s <?>"),
  39: says("Lane Margining at the Receiver <?>"),
  40: says("Hierarchy ID <?>"),
  41: says("Native PCIe Enclosure Management <?>"),
  46: objectExchange,
};
