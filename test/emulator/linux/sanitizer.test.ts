import type * as Mutex from "linux/mutex";
import type * as Timer from "linux/timer";
import { describe, expect, test } from "vitest";
import { SANITIZER_CHECKS } from "../../../emulator/linux/sanitizer";
import { driverBench } from "../../support/driver";
import { cases } from "../../support/mistake-cases";
import { checksOf, machine } from "../../support/mistakes";

describe("the sanitizer", () => {
  test("has a bad driver and a good one for each of its checks", () => {
    expect(Object.keys(cases).toSorted()).toEqual(Object.keys(SANITIZER_CHECKS).toSorted());
  });

  test.each(Object.entries(cases))("reports %s once, and not what comes close", (check, [bad, good]) => {
    expect(checksOf(bad).filter((it) => it === check)).toEqual([check]);
    expect(checksOf(good)).toEqual([]);
  });

  test("says what is wrong, why, and what Linux logs", () => {
    const bench = driverBench(machine);
    bench.bind((pdev) => {
      bench.interrupt.enable_irq(bench.pci.pci_enable_device(pdev) || pdev.irq);
      return 0;
    });
    const [report] = bench.reports();
    expect(report?.text).toBe(`enable_irq(${report?.text.match(/\d+/)}) without a disable_irq() before it`);
    expect(report?.explanation).toMatch(/^request_irq\(\) enables the interrupt already;/);
    expect(bench.log().some((text) => text.startsWith("Unbalanced enable for IRQ"))).toBe(true);
  });
});

describe("code that may not sleep", () => {
  test("is an interrupt handler, a timer's function, what holds a spinlock or keeps interrupts off; a work item is not", () => {
    const bench = driverBench(machine);
    const { module, interrupt, delay } = bench;
    const { timer_setup, mod_timer } = module<typeof Timer>("linux/timer");
    const { mutex_init, mutex_lock, mutex_unlock } = module<typeof Mutex>("linux/mutex");
    const seen: boolean[] = [];
    const look = () => seen.push(interrupt.in_atomic());
    mod_timer(timer_setup(look, 0, null), 1);
    delay.msleep(20);
    const flags = interrupt.local_irq_save();
    look();
    interrupt.local_irq_restore(flags);
    const lock = mutex_init();
    mutex_lock(lock);
    look();
    mutex_unlock(lock);
    expect(seen).toEqual([true, true, false]);
    expect(() => [1, 2].map(() => mutex_lock(lock))).toThrow(
      /the mutex is taken by the one who waits for it/,
    );
  });
});
