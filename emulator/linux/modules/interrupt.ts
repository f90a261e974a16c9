import type { Device } from "linux/device";
import type * as header from "linux/interrupt";
import type { BoundDevice } from "../bound-device";
import {
  type Action,
  type Handler,
  IRQ_HANDLED,
  IRQ_NONE,
  IRQ_WAKE_THREAD,
  IRQF_ONESHOT,
  IRQF_SHARED,
} from "../irq";
import type { RunningKernel } from "../running-kernel";

/** linux/interrupt */
export function interruptModule({ irq, services: { context } }: RunningKernel): typeof header {
  const request = (number: number, action: Action) => irq.request(number, action);
  return {
    IRQ_NONE,
    IRQ_HANDLED,
    IRQ_WAKE_THREAD,
    IRQF_SHARED,
    IRQF_ONESHOT,
    IRQ_RETVAL: (handled) => (handled ? IRQ_HANDLED : IRQ_NONE),
    request_irq: (number, handler, flags, name, devId) =>
      request(number, { handler: handler as Handler, flags, name, devId }),
    request_threaded_irq: (number, handler, thread, flags, name, devId) =>
      request(number, {
        handler: handler as Handler | null,
        ...(thread && { thread: thread as Handler }),
        ...{ flags, name, devId },
      }),
    devm_request_irq: (dev, number, handler, flags, name, devId) => {
      const error = request(number, { handler: handler as Handler, flags, name, devId });
      if (error === 0) bound(dev).manage(() => irq.free(number, devId));
      return error;
    },
    enable_irq: (number) => irq.enable(number),
    disable_irq: (number) => {
      context.mightSleep("disable_irq");
      irq.disable(number);
    },
    disable_irq_nosync: (number) => irq.disable(number),
    synchronize_irq: () => context.mightSleep("synchronize_irq"),
    in_atomic: () => context.atomic !== undefined,
    free_irq: (number, devId) => irq.free(number, devId),
    local_irq_save: () => {
      irq.hold();
      return 0;
    },
    local_irq_restore: () => irq.unhold(),
    in_interrupt: () => irq.inHandler,
  };
}

function bound(dev: Device): BoundDevice {
  return dev as unknown as BoundDevice;
}
