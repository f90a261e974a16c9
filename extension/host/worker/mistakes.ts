/** What goes wrong while the driver runs, told with the line of the driver that was at it: failures, sanitizer reports. */
import { Failures } from "../../../emulator/explain/failures";
import type { Kernel } from "../../../emulator/linux/kernel";
import type { Machine } from "../../../emulator/machine/machine";
import type { SanitizerReport } from "../../../emulator/machine/views";
import type { DriverPlace, FromWorker } from "../driver-thread-protocol";

interface Around {
  readonly machine: Machine;
  readonly kernel: Kernel;
  /** The driver's line that runs now. */
  readonly where: () => { readonly at?: DriverPlace };
  readonly say: (message: FromWorker) => void;
  /** A person may want to stop there; told last. */
  readonly stop: (report: SanitizerReport) => void;
}

export function tellMistakes({ machine, kernel, where, say, stop }: Around): void {
  const failures = new Failures(machine, {
    linux: () => kernel.state(),
    tell: (failure) => say({ type: "failure", failure, ...where() }),
  });
  machine.watchpoints.events.onFailure = (failed) => failures.note(failed);
  kernel.onReport = (report) => {
    say({ type: "report", report, ...where() });
    stop(report);
  };
}
