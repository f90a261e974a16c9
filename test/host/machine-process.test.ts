import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type MachineProcess, startMachine } from "../../extension/host/machine-connection";
import {
  changed,
  completeShell,
  dap,
  openMachine,
  powerCycle,
  readLog,
  readState,
  runShell,
  setWatchpoints,
  translate,
  visible,
} from "../../extension/host/protocol";
import { cli, driver } from "./conversation";

let machine: MachineProcess;
let sequence = 0;

beforeEach(() => {
  machine = startMachine(path.join(path.dirname(cli), "machine.cjs"), () => undefined);
});
afterEach(() => {
  machine.child.kill("SIGKILL");
});

function debug(command: string, args: object = {}): void {
  sequence += 1;
  void machine.connection.sendNotification(dap, { seq: sequence, type: "request", command, arguments: args });
}

/** Resolves at the next message of the debug adapter that `fits`. */
function adapterSays(fits: (message: { event?: string; command?: string }) => boolean): Promise<void> {
  return new Promise((resolve) => {
    machine.connection.onNotification(dap, (message) => {
      if (fits(message as object)) resolve();
    });
  });
}

async function runUntil(event: "stopped" | "rootport/idle"): Promise<void> {
  debug("initialize");
  const initialized = adapterSays((message) => message.event === "initialized");
  debug("launch", { program: driver("factorial") });
  await initialized;
  const there = adapterSays((message) => message.event === event);
  debug("configurationDone");
  await there;
}

describe("the machine's process", () => {
  it("opens a machine, boots it, and shows what was enumerated", async () => {
    expect(await machine.connection.sendRequest(readState)).toBeNull();
    const state = await machine.connection.sendRequest(openMachine, { machine: "demo" });
    expect(state).toMatchObject({ name: "demo", phase: "ready" });
    expect(state.functions.map(({ name }) => name)).toContain("edu");
    expect((await machine.connection.sendRequest(readLog)).length).toBeGreaterThan(0);
    expect(await machine.connection.sendRequest(powerCycle)).toMatchObject({ phase: "ready" });
  });

  it("rejects a machine that does not exist with one sentence", async () => {
    await expect(machine.connection.sendRequest(openMachine, { machine: "nonsense" })).rejects.toThrow(
      /^There is no machine "nonsense"/,
    );
  });

  it("translates an address that nothing decodes yet, and says which watchpoints can never bind", async () => {
    await machine.connection.sendRequest(openMachine, { machine: "demo" });
    expect(await machine.connection.sendRequest(translate, { address: "edu.FACTORIAL" })).toMatchObject({
      end: "dead",
      sentence: expect.stringMatching(/memory/i),
    });
    const watchpoints = [
      { id: "a", spec: "edu.FACTORIAL w" },
      { id: "b", spec: "edu.NONSENSE w" },
    ];
    const statuses = await machine.connection.sendRequest(setWatchpoints, { watchpoints });
    expect(statuses).toMatchObject([{ id: "a" }, { id: "b", verified: false, never: true }]);
    expect(statuses[0]).not.toHaveProperty("never");
  });

  it("answers while the driver is paused, with what the driver has done up to there", async () => {
    await machine.connection.sendRequest(openMachine, { machine: "demo" });
    const watchpoints = [{ id: "a", spec: "edu.FACTORIAL r" }];
    await machine.connection.sendRequest(setWatchpoints, { watchpoints });
    await runUntil("stopped");
    const state = await machine.connection.sendRequest(readState);
    expect(state).toMatchObject({ phase: "paused" });
    expect(state?.linux.functions).toContainEqual(expect.objectContaining({ driver: "edu" }));
    expect(state?.linux.mappings.length).toBeGreaterThan(0);
    expect(await machine.connection.sendRequest(translate, { address: "edu.FACTORIAL" })).toMatchObject({
      end: "register",
    });
    expect(await machine.connection.sendRequest(setWatchpoints, { watchpoints: [] })).toEqual([]);
  });

  it("tells of changes while somebody looks, at most ten times a second", async () => {
    const told: number[] = [];
    machine.connection.onNotification(changed, () => told.push(performance.now()));
    void machine.connection.sendNotification(visible, { visible: true });
    await machine.connection.sendRequest(openMachine, { machine: "demo" });
    await runUntil("rootport/idle");
    await sleep(500);
    const seconds = ((told.at(-1) ?? 0) - (told[0] ?? 0)) / 1000;
    expect(told.length).toBeGreaterThan(1);
    // One more than fits: the first may have been late.
    expect(told.length).toBeLessThanOrEqual(10 * seconds + 2);
  });

  it("tells of a new phase even when nobody looks, and of nothing else", async () => {
    const phases: string[] = [];
    machine.connection.onNotification(changed, ({ phase }) => phases.push(phase));
    await machine.connection.sendRequest(openMachine, { machine: "demo" });
    await sleep(150);
    await machine.connection.sendRequest(powerCycle);
    await sleep(150);
    await runUntil("rootport/idle");
    await sleep(150);
    expect(phases.at(0)).toBe("ready");
    expect(phases.at(-1)).toBe("idle");
    expect(phases.filter((phase, index) => phase === phases[index + 1])).toEqual([]);
  });
});

describe("a driver that is refused", () => {
  it("leaves the machine ready, as no line of it has run", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "rootport-refused-"));
    const program = path.join(folder, "refused.ts");
    writeFileSync(program, "enum A { B }\n");
    const phases: string[] = [];
    machine.connection.onNotification(changed, ({ phase }) => void phases.push(phase));
    try {
      debug("initialize");
      const answered = adapterSays(({ command }) => command === "launch");
      debug("launch", { program });
      await answered;
      const free = () =>
        machine.connection.sendRequest(powerCycle).then(
          () => true,
          () => false,
        );
      await expect.poll(free, { timeout: 60_000 }).toBe(true);
      expect(phases).not.toContain("ended");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("the terminal's lines", () => {
  const said = (line: string) => machine.connection.sendRequest(runShell, { line });

  it("are answered as on a Linux machine, filters included", async () => {
    await machine.connection.sendRequest(openMachine, { machine: "demo" });
    expect(await said("lspci -n | grep 11e8")).toBe("01:00.0 00ff: 1234:11e8 (rev 10)\n");
    expect(await said("sudo setpci -s 01:00.0 COMMAND=6")).toBe("0000:01:00.0 @04 0006\n");
    expect(await said("translate edu.STATUS")).toContain("edu.STATUS");
    await expect(said("rm -rf /")).rejects.toThrow("rm: command not found");
  });

  it("see the driver that is bound, and reach the device while it is paused", async () => {
    await machine.connection.sendRequest(setWatchpoints, {
      watchpoints: [{ id: "f", spec: "edu.FACTORIAL w" }],
    });
    await runUntil("stopped");
    expect(await said("lspci -k -s 01:00.0")).toContain("Kernel driver in use: edu");
    expect(await said("devmem 0x40000000")).toBe("0x010000ED\n");
    expect(await said("cat /sys/bus/pci/devices/01:00.0/resource")).toContain("0x0000000040000000");
  });

  it("are completed by Tab", async () => {
    await machine.connection.sendRequest(openMachine, { machine: "demo" });
    const complete = (line: string) => machine.connection.sendRequest(completeShell, { line });
    expect(await complete("lsp")).toEqual({ from: 0, choices: ["lspci"] });
    expect(await complete("cat /sys/bus/pci/devices/0000:01:00.0/rev")).toEqual({
      from: 4,
      choices: ["/sys/bus/pci/devices/0000:01:00.0/revision"],
    });
    expect((await complete("lspci -s 0000:01")).choices).toEqual(["0000:01:00.0"]);
    expect((await complete("translate edu.ST")).choices).toEqual(["edu.STATUS"]);
  });
});
