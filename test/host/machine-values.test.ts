import type { DebugProtocol } from "@vscode/debugprotocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Conversation, driver } from "./conversation";

const program = driver("factorial");
let talk: Conversation;

beforeEach(async () => {
  talk = await Conversation.open();
  await talk.run(program, { at: ["let sum = 0"] });
  await talk.stopped();
});
afterEach(() => talk.close());

async function children(variablesReference: number): Promise<DebugProtocol.Variable[]> {
  return (await talk.client.variablesRequest({ variablesReference })).body.variables;
}

/** Down the PCIe scope by names. */
async function opened(...path: string[]): Promise<number> {
  const { scopes } = (await talk.client.scopesRequest({ frameId: 1 })).body;
  let reference = scopes.find(({ name }) => name === "PCIe")?.variablesReference ?? 0;
  for (const step of path)
    reference = (await children(reference)).find(({ name }) => name === step)?.variablesReference ?? 0;
  return reference;
}

async function set(variablesReference: number, change: { name: string; value: string }): Promise<string> {
  return (await talk.client.setVariableRequest({ variablesReference, ...change })).body.value;
}

async function memory(memoryReference: string, count: number) {
  const { body } = await talk.client.customRequest("readMemory", { memoryReference, count });
  const { data, unreadableBytes = 0 } = body as { data: string; unreadableBytes?: number };
  return { bytes: [...Buffer.from(data, "base64")], unreadableBytes };
}

describe("the machine in Variables", () => {
  it("lists the driver's device first, with registers, BARs, configuration, mappings and interrupts", async () => {
    const top = await children(await opened());
    expect(top[0]?.name).toBe("edu");
    expect(top.slice(-3).map(({ name }) => name)).toEqual(["mappings", "interrupts", "DMA buffers"]);
    expect((await children(await opened("mappings")))[0]?.name).toMatch(/^0xffffc90/);
    expect((await children(await opened("interrupts"))).map(({ value }) => value)).toContainEqual(
      expect.stringMatching(/edu$/),
    );
    expect((await children(await opened("edu", "BARs")))[0]).toMatchObject({
      name: "BAR0",
      value: expect.stringMatching(/^mem32, \d+ bytes at 0x\w+$/),
    });
    const names = (await children(await opened("edu", "config"))).map(({ evaluateName }) => evaluateName);
    expect(names).toContain("edu.config.COMMAND");
  });

  it("has a scope for the driver's own device: registers, BARs, configuration, capabilities, what Linux made", async () => {
    const { scopes } = (await talk.client.scopesRequest({ frameId: 1 })).body;
    expect(scopes.map(({ name }) => name).slice(-2)).toEqual(["Device edu", "PCIe"]);
    const device = await children(scopes.at(-2)?.variablesReference ?? 0);
    expect(device.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["ID", "STATUS", "BARs", "config", "capabilities", "mappings", "interrupts"]),
    );
    const within = async (name: string) =>
      children(device.find((each) => each.name === name)?.variablesReference ?? 0);
    expect((await within("mappings")).map(({ value }) => value)).toEqual([
      expect.stringMatching(/^0x40000000, \d+ bytes, uncached-minus, edu$/),
    ]);
    const [msi] = await within("capabilities");
    expect(msi).toMatchObject({ name: "[40] MSI", value: expect.stringMatching(/^Enable- Count=1\/1/) });
    const flags = await children(msi?.variablesReference ?? 0);
    expect(flags.map(({ evaluateName }) => evaluateName)).toContain("edu.config.MSI_FLAGS");
    expect(await set(scopes.at(-2)?.variablesReference ?? 0, { name: "LIVENESS", value: "2" })).toBe(
      "0xfffffffd",
    );
  });

  it("writes and pokes as a menu asks, and registers are known to menus", async () => {
    const [first] = await children(await opened("edu"));
    expect(first).toMatchObject({ __vscodeVariableMenuContext: "rootport.register" });
    const touch = async (verb: string) =>
      (await talk.client.customRequest("rootport/touch", { verb, at: "edu.LIVENESS", value: "0x1" })).body;
    expect(await touch("write")).toEqual({ value: "0xfffffffe" });
    expect(await touch("poke")).toEqual({ value: "0x1" });
  });

  it("writes a register over the bus, as the device takes it", async () => {
    const edu = await opened("edu");
    expect(await set(edu, { name: "LIVENESS", value: "0x1" })).toBe("0xfffffffe");
    expect(await set(await opened("edu", "STATUS"), { name: "IRQFACT", value: "1" })).toBe("0x1");
    expect(await talk.register("edu.STATUS")).toBe("0x80");
    expect((await children(edu)).find(({ name }) => name === "ID")?.presentationHint?.attributes).toEqual([
      "readOnly",
    ]);
  });

  it("refuses what is no number, or does not fit, with a sentence", async () => {
    const edu = await opened("edu");
    await expect(set(edu, { name: "LIVENESS", value: "0x1FFFFFFFF" })).rejects.toThrow(
      /does not fit 32 bits/,
    );
    await expect(set(edu, { name: "LIVENESS", value: "12abc" })).rejects.toThrow(/is no number/);
    await expect(set(await opened("edu", "STATUS"), { name: "IRQFACT", value: "2" })).rejects.toThrow(
      /1 bits of the field/,
    );
  });

  it("offers a watchpoint on a register of configuration space, and on a field", async () => {
    const config = await opened("edu", "config");
    const info = await talk.client.dataBreakpointInfoRequest({ name: "COMMAND", variablesReference: config });
    expect(info.body.dataId).toBe("edu.config.COMMAND");
    const status = await opened("edu", "STATUS");
    const field = await talk.client.dataBreakpointInfoRequest({
      name: "COMPUTING",
      variablesReference: status,
    });
    expect(field.body.dataId).toBe("edu.STATUS.COMPUTING");
  });
});

describe("a DMA buffer in Variables", () => {
  it("is a thing to watch: the device's own write stops the driver, and says so", async () => {
    await talk.client.customRequest("restart", { arguments: { program: driver("dma") } });
    const program = driver("dma");
    await talk.breakAt(program, ["const handle ="]);
    await talk.stopped();
    const { scopes } = (await talk.client.scopesRequest({ frameId: 1 })).body;
    const device = await children(scopes.find(({ name }) => name === "Device edu")?.variablesReference ?? 0);
    const group = device.find(({ name }) => name === "DMA buffers")?.variablesReference ?? 0;
    const [buffer] = await children(group);
    expect(buffer).toMatchObject({
      value: expect.stringMatching(/^4096 bytes, coherent, bidirectional, at 0x/),
    });
    const asked = { name: buffer?.name ?? "", variablesReference: group };
    const { dataId } = (await talk.client.dataBreakpointInfoRequest(asked)).body;
    expect(dataId).toBe(`iova@0000:01:00.0:${buffer?.name}+4096`);
    const breakpoints = [{ dataId: dataId ?? "", accessType: "write" as const }];
    const set = await talk.client.setDataBreakpointsRequest({ breakpoints });
    expect(set.body.breakpoints).toMatchObject([{ verified: true }]);
    const stop = await talk.move("continue");
    expect(stop.text).toMatch(/^DMA of edu: write 0x\w+ 0x0 → 0x0 by copy\(\)$/);
    expect(stop.frames[1]?.name).toBe("exercise");
  });
});

describe("memory", () => {
  it.each(["edu.ID", "phys:0x40000000", "bus:0x40000000", "bus@01:00.0:0x40000000"])(
    "at %s is the register",
    async (at) => {
      expect((await memory(at, 4)).bytes).toEqual([0xed, 0, 0, 1]);
    },
  );

  it("of configuration space has its end, and a hole is unreadable", async () => {
    expect(await memory("cfg@01:00.0:0x0", 4)).toEqual({
      bytes: [0x34, 0x12, 0xe8, 0x11],
      unreadableBytes: 0,
    });
    expect((await memory("cfg@01:00.0:0xfff", 4)).unreadableBytes).toBeGreaterThan(2);
    expect(await memory("phys:0x60000000", 4)).toEqual({ bytes: [], unreadableBytes: 4 });
    await expect(memory("cfg@09:00.0:0x0", 4)).rejects.toThrow(/There is no function at "cfg@09:00\.0/);
  });

  it("is written in accesses that the device takes, and whoever has it open hears of it", async () => {
    await memory("phys:0x40000004", 4);
    const data = Buffer.from([1, 0, 0, 0]).toString("base64");
    await talk.client.customRequest("writeMemory", { memoryReference: "phys:0x40000004", offset: 0, data });
    expect((await talk.heard("memory")).body).toEqual({
      memoryReference: "phys:0x40000004",
      offset: 0,
      count: 4,
    });
    expect((await memory("phys:0x40000004", 4)).bytes).toEqual([0xfe, 0xff, 0xff, 0xff]);
  });

  it("that is RAM takes any byte", async () => {
    const data = Buffer.from([7, 8, 9]).toString("base64");
    await talk.client.customRequest("writeMemory", { memoryReference: "phys:0x200001", offset: 0, data });
    expect((await memory("phys:0x200000", 5)).bytes).toEqual([0, 7, 8, 9, 0]);
  });
});

describe("the console", () => {
  it("shows the machine as Linux's commands do", async () => {
    expect(await talk.evaluate("lspci")).toMatch(/^00:00\.0 .*\n(.*\n)*01:00\.0 /);
    expect(await talk.evaluate("iomem")).toMatch(/^ {2,}40000000-\w+ : 0000:01:00\.0$/m);
    expect(await talk.evaluate("ioports")).toMatch(/PCI conf1/);
    expect(await talk.evaluate("dmesg")).toMatch(/edu 10000ed$/);
    expect(await talk.evaluate("translate edu.ID")).toMatch(/edu\.ID is at 0x40000000/);
  });

  it("reads and writes over the bus with a width, and pokes past it", async () => {
    expect(await talk.evaluate("rd edu.ID")).toBe("0x10000ed");
    expect(await talk.evaluate("rd edu.ID 16")).toBe("0xffff");
    expect(await talk.evaluate("wr edu.LIVENESS 0xff")).toBe("0xffffff00");
    expect(await talk.evaluate("poke edu.LIVENESS 0xff")).toBe("0xff");
    expect(await talk.evaluate("peek cfg@01:00.0:0x2 16")).toBe("0x11e8");
    await expect(talk.evaluate("wr edu.ID")).rejects.toThrow(/^Write wr ADDRESS VALUE \[8\|16\|32\|64\]\.$/);
    await expect(talk.evaluate("rd edu.ID 24")).rejects.toThrow(/no width/);
    await expect(talk.evaluate("rd edu.NONSENSE")).rejects.toThrow(/no register "edu\.NONSENSE"/);
  });

  it("sets, lists and removes watchpoints of this session", async () => {
    expect(await talk.evaluate("wp")).toMatch(/^No watchpoints/);
    expect(await talk.evaluate("wp edu.FACTORIAL w if $value == 2")).toBe(
      "1  edu.FACTORIAL w if $value == 2",
    );
    await expect(talk.evaluate("wp edu.NOTHING w")).rejects.toThrow(
      /^This machine has no register edu\.NOTHING\.$/,
    );
    expect((await talk.move("continue")).text).toBe("write edu.FACTORIAL 0x1 → 0x2 by factorial()");
    await expect(talk.evaluate("wp remove 2")).rejects.toThrow(/There is no watchpoint 2/);
    expect(await talk.evaluate("wp remove 1")).toMatch(/^No watchpoints/);
  });

  it("explains itself, and leaves everything else to the driver's language", async () => {
    expect(await talk.evaluate("help")).toMatch(/^wr ADDRESS VALUE/m);
    expect(await talk.evaluate("1 + 1")).toBe("2");
    expect(await talk.evaluate("rd = 1; rd")).toBe("1");
  });

  it("completes verbs, registers and address spaces", async () => {
    const labels = async (text: string) => {
      const asked = { text, column: text.length + 1 };
      return (await talk.client.completionsRequest(asked)).body.targets.map(({ label }) => label);
    };
    expect(await labels("tran")).toEqual(["translate"]);
    expect(await labels("wr edu.S")).toEqual(["edu.STATUS"]);
    expect(await labels("rd cf")).toEqual(["cfg@"]);
    expect(await labels("lspci x")).toEqual([]);
  });
});
