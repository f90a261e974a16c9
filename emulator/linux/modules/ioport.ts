import type * as header from "linux/ioport";
import { IORESOURCE, Resource } from "../resource";
import type { RunningKernel } from "../running-kernel";

/** Claims `n` from `start`; null if somebody else has part of it. */
export function claim(
  kernel: RunningKernel,
  tree: Resource,
  { start, n, name }: { start: number; n: number; name: string },
): Resource | null {
  const flags = IORESOURCE.BUSY | (tree === kernel.ioports ? IORESOURCE.IO : IORESOURCE.MEM);
  const resource = new Resource(name, { start, end: start + n - 1, flags });
  const conflict = tree.claim(resource);
  kernel.changed();
  return conflict ? null : resource;
}

/** Gives a claim of exactly this range back. */
export function unclaim(
  kernel: RunningKernel,
  tree: Resource,
  { start, n }: { start: number; n: number },
): void {
  const busy = tree.findBusy(start, start + n - 1);
  const digits = (value: number) => value.toString(16).padStart(16, "0");
  if (busy) busy.release();
  else
    kernel.kernelLog.err(`Trying to free nonexistent resource <${digits(start)}-${digits(start + n - 1)}>`);
  kernel.changed();
}

/** linux/ioport */
export function ioportModule(kernel: RunningKernel): typeof header {
  const { iomem, ioports } = kernel;
  return {
    IORESOURCE_IO: IORESOURCE.IO,
    IORESOURCE_MEM: IORESOURCE.MEM,
    IORESOURCE_PREFETCH: IORESOURCE.PREFETCH,
    IORESOURCE_MEM_64: IORESOURCE.MEM_64,
    IORESOURCE_BUSY: IORESOURCE.BUSY,
    request_mem_region: (start, n, name) => claim(kernel, iomem, { start, n, name }),
    release_mem_region: (start, n) => unclaim(kernel, iomem, { start, n }),
    request_region: (start, n, name) => claim(kernel, ioports, { start, n, name }),
    release_region: (start, n) => unclaim(kernel, ioports, { start, n }),
  };
}
