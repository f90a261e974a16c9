/** The modules that a driver can import, named after the kernel's headers. */
import type { Kernel } from "./kernel";
import { bitsModule, errnoModule } from "./modules/constants";
import { dmaModule, dmaPoolModule, scatterlistModule } from "./modules/dma-mapping";
import { interruptModule } from "./modules/interrupt";
import { ioModule } from "./modules/io";
import { ioportModule } from "./modules/ioport";
import { pciModule } from "./modules/pci";
import { deviceModule, moduleModule, printkModule } from "./modules/print";
import { mmModule, slabModule, stringModule, vmallocModule } from "./modules/slab";
import { delayModule, jiffiesModule, waitModule } from "./modules/time";

export function linuxModules(kernel: Kernel): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  const modules = {
    "linux/bits": bitsModule,
    "linux/delay": delayModule(kernel),
    "linux/device": deviceModule(kernel),
    "linux/dma-mapping": dmaModule(kernel),
    "linux/dmapool": dmaPoolModule(kernel),
    "linux/errno": errnoModule,
    "linux/interrupt": interruptModule(kernel),
    "linux/io": ioModule(kernel),
    "linux/ioport": ioportModule(kernel),
    "linux/jiffies": jiffiesModule(kernel),
    "linux/mm": mmModule(kernel),
    "linux/module": moduleModule(kernel.drivers),
    "linux/pci": pciModule(kernel),
    "linux/printk": printkModule(kernel),
    "linux/scatterlist": scatterlistModule(),
    "linux/slab": slabModule(kernel),
    "linux/string": stringModule(),
    "linux/types": {},
    "linux/vmalloc": vmallocModule(kernel),
    "linux/wait": waitModule(kernel),
  };
  return new Map(Object.entries(modules));
}
