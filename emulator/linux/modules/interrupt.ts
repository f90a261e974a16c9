import type * as header from "linux/interrupt";
import { type Handler, IRQ_HANDLED, IRQ_NONE, IRQF_SHARED } from "../irq";
import type { RunningKernel } from "../running-kernel";

/** linux/interrupt */
export function interruptModule({ irq }: RunningKernel): typeof header {
  return {
    IRQ_NONE,
    IRQ_HANDLED,
    IRQF_SHARED,
    request_irq: (number, handler, flags, name, devId) =>
      irq.request(number, { handler: handler as Handler, flags, name, devId }),
    free_irq: (number, devId) => irq.free(number, devId),
    local_irq_save: () => {
      irq.hold();
      return 0;
    },
    local_irq_restore: () => irq.unhold(),
    in_interrupt: () => irq.inHandler,
  };
}
