/** The registers of the card of the machine `seed-nic`, the frames that it sends, and what is kept of it: for the driver `seed-nic.ts`. */

import type { CoherentBuffer } from "linux/dma-mapping";
import type { MiscDevice } from "linux/miscdevice";
import type { PciDev } from "linux/pci";
import { be16, be32, type IoMem, struct } from "linux/types";
import type { WaitQueueHead } from "linux/wait";

export const PACKETS = 0;
export const PORTS = 1;
export const REGISTERS = 2;

export const ID = 0x00;
export const CONTROL = 0x04;
export const STATUS = 0x08;
export const INTR_CAUSE = 0x0c;
export const INTR_MASK = 0x10;
export const MAC_LOW = 0x14;
export const MAC_HIGH = 0x18;
export const TX_OFFSET = 0x20;
export const TX_LENGTH = 0x24;
export const TX_START = 0x28;
export const RX_ADDRESS = 0x30;
export const RX_SIZE = 0x38;
export const RX_LENGTH = 0x3c;
export const TX_COUNT = 0x40;

export const ENABLE = 0x1;
export const LINK = 0x1;
export const TX = 0x1;
export const RX = 0x2;

export const REGISTER_BYTES = 16 * 1024;
export const FRAME_BYTES = 1518;
/** The ioctl: frames sent. */
export const GET_SENT = 1;

/** What an Ethernet frame begins with, and a number of our own. */
export const Frame = struct("frame", {
  to: be32,
  to_end: be16,
  from: be32,
  from_end: be16,
  type: be16,
  number: be16,
});

/** What the driver keeps of a card. */
export interface Nic {
  pdev: PciDev;
  packets: IoMem;
  regs: IoMem;
  rx: CoherentBuffer;
  irq: number;
  received: boolean;
  queue: WaitQueueHead;
  misc: MiscDevice;
}
