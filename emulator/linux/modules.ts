/** The modules that a driver can import, named after the kernel's headers. */
import type { Kernel } from "./kernel";
import { byteorderModule } from "./modules/byte-order";
import { bitsModule, errModule, errnoModule, kernelModule } from "./modules/constants";
import { dmaModule, dmaPoolModule, scatterlistModule } from "./modules/dma-mapping";
import { cdevModule, fsModule, ioctlModule, miscdeviceModule, uaccessModule } from "./modules/fs";
import { interruptModule } from "./modules/interrupt";
import { ioModule } from "./modules/io";
import { ioportModule } from "./modules/ioport";
import { pciModule } from "./modules/pci";
import { deviceModule, moduleModule, printkModule } from "./modules/print";
import { mmModule, slabModule, stringModule, vmallocModule } from "./modules/slab";
import { structModule } from "./modules/struct";
import { completionModule, mutexModule, spinlockModule, timerModule, workqueueModule } from "./modules/sync";
import { delayModule, iopollModule, jiffiesModule, waiting, waitModule } from "./modules/time";
import { unistdModule } from "./modules/unistd";

export function linuxModules(kernel: Kernel): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  return new Map(Object.entries({ ...hardware(kernel), ...others(kernel) }));
}

/** Devices and memory. */
function hardware(kernel: Kernel) {
  return {
    "linux/device": deviceModule(kernel),
    "linux/dma-mapping": dmaModule(kernel),
    "linux/dmapool": dmaPoolModule(kernel),
    "linux/interrupt": interruptModule(kernel),
    "linux/io": ioModule(kernel),
    "linux/ioport": ioportModule(kernel),
    "linux/iopoll": iopollModule(kernel),
    "linux/mm": mmModule(kernel),
    "linux/module": moduleModule(kernel.drivers),
    "linux/pci": pciModule(kernel),
    "linux/scatterlist": scatterlistModule(),
    "linux/slab": slabModule(kernel),
    "linux/string": stringModule(),
    "linux/vmalloc": vmallocModule(kernel),
  };
}

/** Time, waiting, files, and what has no hardware at all. */
function others(kernel: Kernel) {
  const waits = waiting(kernel);
  return {
    "linux/bits": bitsModule,
    "linux/byteorder": byteorderModule,
    "linux/cdev": cdevModule(kernel),
    "linux/completion": completionModule(waits),
    "linux/delay": delayModule(kernel),
    "linux/err": errModule,
    "linux/errno": errnoModule,
    "linux/fs": fsModule(kernel),
    "linux/ioctl": ioctlModule,
    "linux/jiffies": jiffiesModule(kernel),
    "linux/kernel": kernelModule(kernel),
    "linux/miscdevice": miscdeviceModule(kernel),
    "linux/mutex": mutexModule(kernel),
    "linux/printk": printkModule(kernel),
    "linux/spinlock": spinlockModule(kernel),
    "linux/timer": timerModule(kernel),
    "linux/types": structModule,
    "linux/uaccess": uaccessModule(kernel),
    "linux/unistd": unistdModule(kernel),
    "linux/wait": waitModule(waits),
    "linux/workqueue": workqueueModule(kernel),
  };
}
