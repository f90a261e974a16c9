/** The names that setpci of pciutils 3.9.0 knows (setpci.c, pci_reg_names; `setpci --dumpregs`). */

export type Width = 1 | 2 | 4;

/** `NAME:offset.width` */
const HEADER =
  "VENDOR_ID:00.w DEVICE_ID:02.w COMMAND:04.w STATUS:06.w REVISION:08.b CLASS_PROG:09.b " +
  "CLASS_DEVICE:0a.w CACHE_LINE_SIZE:0c.b LATENCY_TIMER:0d.b HEADER_TYPE:0e.b BIST:0f.b " +
  "BASE_ADDRESS_0:10.l BASE_ADDRESS_1:14.l BASE_ADDRESS_2:18.l BASE_ADDRESS_3:1c.l " +
  "BASE_ADDRESS_4:20.l BASE_ADDRESS_5:24.l CARDBUS_CIS:28.l SUBSYSTEM_VENDOR_ID:2c.w " +
  "SUBSYSTEM_ID:2e.w ROM_ADDRESS:30.l CAPABILITIES:34.b INTERRUPT_LINE:3c.b INTERRUPT_PIN:3d.b " +
  "MIN_GNT:3e.b MAX_LAT:3f.b PRIMARY_BUS:18.b SECONDARY_BUS:19.b SUBORDINATE_BUS:1a.b " +
  "SEC_LATENCY_TIMER:1b.b IO_BASE:1c.b IO_LIMIT:1d.b SEC_STATUS:1e.w MEMORY_BASE:20.w " +
  "MEMORY_LIMIT:22.w PREF_MEMORY_BASE:24.w PREF_MEMORY_LIMIT:26.w PREF_BASE_UPPER32:28.l " +
  "PREF_LIMIT_UPPER32:2c.l IO_BASE_UPPER16:30.w IO_LIMIT_UPPER16:32.w BRIDGE_ROM_ADDRESS:38.l " +
  "BRIDGE_CONTROL:3e.w CB_CARDBUS_BASE:10.l CB_CAPABILITIES:14.w CB_SEC_STATUS:16.w " +
  "CB_BUS_NUMBER:18.b CB_CARDBUS_NUMBER:19.b CB_SUBORDINATE_BUS:1a.b CB_CARDBUS_LATENCY:1b.b " +
  "CB_MEMORY_BASE_0:1c.l CB_MEMORY_LIMIT_0:20.l CB_MEMORY_BASE_1:24.l CB_MEMORY_LIMIT_1:28.l " +
  "CB_IO_BASE_0:2c.w CB_IO_BASE_0_HI:2e.w CB_IO_LIMIT_0:30.w CB_IO_LIMIT_0_HI:32.w CB_IO_BASE_1:34.w " +
  "CB_IO_BASE_1_HI:36.w CB_IO_LIMIT_1:38.w CB_IO_LIMIT_1_HI:3a.w CB_SUBSYSTEM_VENDOR_ID:40.w " +
  "CB_SUBSYSTEM_ID:42.w CB_LEGACY_MODE_BASE:44.l";

/** `NAME:id` */
const CAPABILITIES =
  "PM:01 AGP:02 VPD:03 SLOTID:04 MSI:05 CHSWP:06 PCIX:07 HT:08 VNDR:09 DBG:0a CCRC:0b HOTPLUG:0c " +
  "SSVID:0d AGP3:0e SECURE:0f EXP:10 MSIX:11 SATA:12 AF:13 EA:14";

const EXTENDED =
  "AER:1 VC:2 DSN:3 PB:4 RCLINK:5 RCILINK:6 RCEC:7 MFVC:8 VC2:9 RBCB:a VNDR:b ACS:d ARI:e ATS:f " +
  "SRIOV:10 MRIOV:11 MCAST:12 PRI:13 REBAR:15 DPA:16 TPH:17 LTR:18 SECPCI:19 PMUX:1a PASID:1b LNR:1c " +
  "DPC:1d L1PM:1e PTM:1f M_PCIE:20 FRS:21 RTR:22 DVSEC:23 VF_REBAR:24 DLNK:25 16GT:26 LMR:27 " +
  "HIER_ID:28 NPEM:29";

export interface HeaderRegister {
  readonly at: number;
  readonly width: Width;
}

const WIDTHS: Readonly<Record<string, Width>> = { b: 1, w: 2, l: 4 };

/** 1, 2 or 4 bytes by the letter that stands for it. */
export const widthOf = (letter: string): Width | undefined => WIDTHS[letter.toLowerCase()];

export const headerRegisters: ReadonlyMap<string, HeaderRegister> = new Map(
  HEADER.split(" ").map((text) => {
    const [, name = "", at = "", letter = ""] = /^(\w+):(\w+)\.(\w)$/.exec(text) ?? [];
    return [name, { at: Number.parseInt(at, 16), width: WIDTHS[letter] ?? 1 }];
  }),
);

const ids = (text: string): ReadonlyMap<string, number> =>
  new Map(
    text.split(" ").map((each) => {
      const [name = "", id = ""] = each.split(":");
      return [name, Number.parseInt(id, 16)];
    }),
  );

/** By the name behind `CAP_`. */
export const capabilities = ids(CAPABILITIES);
/** By the name behind `ECAP_`. */
export const extendedCapabilities = ids(EXTENDED);
