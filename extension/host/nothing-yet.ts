import type { LinuxState } from "../../emulator/machine/views";

/** What Linux knows before it has booted. */
export const NOTHING: LinuxState = {
  revision: 0,
  functions: [],
  iomem: [],
  ioports: [],
  unplaced: [],
  mappings: [],
  interrupts: [],
  dma: [],
};
