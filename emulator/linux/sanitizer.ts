/**
 * What a driver does wrong although the machine goes on: one report for each mistake, with what is wrong and what to do.
 * Whoever hears of it adds the driver's file and line. What is checked, and by which rule, is in `SANITIZER_CHECKS`.
 */
import type { SanitizerReport } from "../machine/views";
import type { KernelLog } from "./log";

/** Every check, with its rule. */
export const SANITIZER_CHECKS = {
  "use-after-unmap": "An accessor is given a mapping that was unmapped.",
  "beyond-the-mapping": "An accessor reaches behind what was mapped.",
  "refused-width": "The register has another width.",
  unaligned: "The address is no multiple of the access's width.",
  "side-effect-read":
    "A register whose read has a side effect is read through a mapping that may repeat or merge reads.",
  "ioremap-of-ram": "ioremap() of System RAM.",
  "memory-type": "A mapping got another memory type than it asked for.",
  "no-claim":
    "Device memory or ports are used that the driver has not claimed. A warning: a claim does not guard.",
  "dma-without-bus-master": "The device's request is blocked: Bus Master Enable is off.",
  "dma-outside-a-mapping": "The device reaches RAM that the driver has not mapped for it, or has unmapped.",
  "dma-wrong-direction": "The device writes what was mapped for reading, or the other way round.",
  "dma-double-unmap": "A mapping is unmapped twice, or was never made.",
  "dma-wrong-size": "A mapping is unmapped with another size, direction or function than it was made with.",
  "dma-not-checked": "A mapping is used or unmapped without dma_mapping_error().",
  "dma-mask": "The device drives fewer address bits than the mask in force says.",
  "missing-sync": "The CPU touches a streaming buffer that is in the device's hands.",
  "sleep-in-atomic": "A function that sleeps is called where nobody may sleep.",
  "missing-flush": "The device touches memory that was freed.",
  leak: "Something is left after remove().",
  "double-free": "Memory is freed twice, or was never allocated.",
  "irq-none": "A level-triggered line is still asserted after all its handlers ran.",
  "interrupt-storm": "An interrupt comes back at once, again and again.",
  "unbalanced-enable":
    "enable_irq() without disable_irq(), or pci_disable_device() without pci_enable_device().",
} as const;

export type SanitizerCheck = keyof typeof SANITIZER_CHECKS;

/** The same mistake is told so often; a loop would fill the Problems view. */
const MOST_PER_CHECK = 20;

export class Sanitizer {
  /** Called before the access goes on. */
  onReport: ((report: SanitizerReport) => void) | undefined;
  /** Off: nothing is checked that costs anything. */
  on = true;
  readonly #log: KernelLog;
  readonly #told = new Set<string>();
  readonly #counts = new Map<SanitizerCheck, number>();
  readonly #reports: SanitizerReport[] = [];

  constructor(log: KernelLog) {
    this.#log = log;
  }

  /** `subject` tells one mistake from another: the same of the same subject is told once. */
  report(check: SanitizerCheck, subject: string, told: Omit<SanitizerReport, "check">): void {
    const key = `${check} ${subject}`;
    const count = this.#counts.get(check) ?? 0;
    if (!this.on || this.#told.has(key) || count >= MOST_PER_CHECK) return;
    this.#told.add(key);
    this.#counts.set(check, count + 1);
    const report = { check, ...told };
    this.#reports.push(report);
    if (report.log ?? report.level === "error")
      this.#log.print(report.level === "error" ? "err" : "warn", report.log ?? `rootport: ${report.text}`);
    this.onReport?.(report);
  }

  get reports(): readonly SanitizerReport[] {
    return this.#reports;
  }
}
