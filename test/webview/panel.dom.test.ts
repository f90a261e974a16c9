/** The same claims about the panel on both UI kits: either can be built in. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { panelState } from "../../extension/panel-state";
import { demo } from "../extension/demo-state";
import { type Kit, PanelPage } from "./panel-page";

const state = panelState(demo, new Map());
const kits: readonly Kit[] = ["kit", "kit.elements"];

describe.each(kits)("the panel on webview/%s.ts", (kit) => {
  let panel: PanelPage;

  beforeAll(async () => {
    panel = await PanelPage.open(kit);
  }, 60_000);
  beforeEach(async () => {
    await panel.reload();
    await panel.said();
  });
  afterAll(() => panel.close());

  it("offers to start a machine when there is none", async () => {
    await panel.tell({ type: "nothing", sentence: "No machine is running." });
    await panel.page.getByText("Start Machine").click();
    expect(await panel.said()).toEqual([{ type: "start" }]);
  });

  it("shows the registers of the device that the arrow keys choose", async () => {
    await panel.tell({ type: "state", state });
    await panel.page.getByRole("treeitem", { name: /^edu\b/ }).press("Home");
    await panel.page.getByRole("heading", { name: "host" }).waitFor();
    await panel.page.getByRole("treeitem", { name: /^host\b/ }).press("End");
    await panel.page.getByRole("row").filter({ hasText: "FACTORIAL" }).waitFor();
  });

  it("opens a register's bits by Enter and asks for a watchpoint by w", async () => {
    await panel.tell({ type: "state", state });
    const row = panel.page.getByRole("row").filter({ hasText: "STATUS" }).first();
    await row.press("Enter");
    await panel.page.getByRole("table", { name: "Fields of edu.STATUS" }).getByText("COMPUTING").waitFor();
    await row.press("w");
    expect(await panel.said()).toEqual([
      { type: "select", id: "0000:01:00.0/BAR0/edu.STATUS" },
      { type: "watch", register: "edu.STATUS" },
    ]);
  });

  it("keeps the focus on a row while values change below it", async () => {
    await panel.tell({ type: "state", state });
    const row = panel.page.getByRole("row").filter({ hasText: "LIVENESS" });
    await row.focus();
    await panel.tell({ type: "state", state: { ...state, phase: "idle", time: "1.000000 s" } });
    await panel.page.getByText("driver bound").waitFor();
    expect(await row.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it("draws what can be seen of 2,000 functions, and more of them as one scrolls", async () => {
    const [first] = state.devices;
    if (!first) throw new Error("the demo machine has a host bridge");
    const devices = Array.from({ length: 2000 }, (_, i) => ({
      ...first,
      name: `f${i}`,
      bdf: `0000:00:${i}`,
    }));
    await panel.tell({ type: "state", state: { ...state, devices } });
    await panel.page.getByRole("treeitem", { name: /^f0\b/ }).waitFor();
    expect(await panel.page.getByRole("treeitem").count()).toBeLessThan(100);
    await panel.page.locator(".topology").evaluate((list) => list.scrollTo(0, 46 * 1000));
    await panel.page.getByRole("treeitem", { name: /^f1000\b/ }).waitFor();
  });

  it("follows a message to a tab, and draws it", async () => {
    await panel.tell({ type: "state", state });
    await panel.tell({ type: "show", tab: "bars" });
    await panel.page
      .getByRole("row")
      .filter({ hasText: /edu.*BAR0/ })
      .waitFor();
    expect(await panel.page.getByRole("tab", { name: "BARs" }).getAttribute("aria-selected")).toBe("true");
  });

  it("filters /proc/iomem as one types", async () => {
    await panel.tell({ type: "state", state });
    await panel.page.getByRole("tab", { name: "I/O Memory" }).click();
    await panel.page.getByRole("textbox", { name: "Filter" }).fill("local apic");
    await panel.page.getByText("1 of 10 lines").waitFor();
    expect(await panel.page.getByRole("listitem").count()).toBe(1);
  });

  it("folds a line of /proc/iomem by the arrow to the left, and unfolds it by the other", async () => {
    await panel.tell({ type: "state", state });
    await panel.tell({ type: "show", tab: "iomem" });
    const bus = panel.page.getByRole("listitem").filter({ hasText: "PCI Bus 0000:00" });
    await bus.press("ArrowLeft");
    await panel.page.getByText("7 of 10 lines").waitFor();
    await bus.press("ArrowRight");
    await panel.page.getByText("10 lines", { exact: true }).waitFor();
  });

  it("lists I/O ports in a tab of their own", async () => {
    await panel.tell({ type: "state", state });
    await panel.page.getByRole("tab", { name: "I/O Ports" }).click();
    await panel.page.getByRole("listitem").filter({ hasText: "1000-1fff : PCI Bus 0000:01" }).waitFor();
    await panel.page.getByText("4096 ports", { exact: true }).waitFor();
  });

  it("lights a line of /proc/iomem on the map, and enlarges what is pressed there", async () => {
    await panel.tell({ type: "state", state });
    await panel.tell({ type: "show", tab: "iomem" });
    await panel.page.getByRole("listitem").filter({ hasText: "PCI Bus 0000:01" }).hover();
    await panel.page.locator(".area.lit", { hasText: "PCI Bus 0000:01" }).waitFor();
    await panel.page
      .locator(".area.bus", { hasText: "PCI Bus 0000:00" })
      .first()
      .click({ position: { x: 5, y: 5 } });
    await panel.page.locator(".map-title", { hasText: "40000000-afffffff : PCI Bus 0000:00" }).waitFor();
    await panel.page.getByRole("button", { name: "Show all" }).click();
    await panel.page.locator(".map-title", { hasText: "All of it" }).waitFor();
  });

  it("selects in the topology what the arrow keys reach, and tells the editor", async () => {
    await panel.tell({ type: "state", state });
    await panel.tell({ type: "show", tab: "topology" });
    const tree = panel.page.getByRole("tree", { name: "Topology" });
    await tree.getByRole("treeitem", { name: /^edu\b.*BAR2 4 KiB.*no address/ }).press("ArrowUp");
    await tree.getByRole("treeitem", { name: /^rp0\b/, selected: true }).waitFor();
    expect(await panel.said()).toEqual([{ type: "select", id: "0000:00:03.0" }]);
  });

  it("shows the bits of the register that was selected elsewhere, and warns of reads that change it", async () => {
    await panel.tell({ type: "state", state });
    await panel.tell({ type: "show", tab: "register" });
    await panel.tell({ type: "select", id: "0000:01:00.0/BAR0/edu.IRQ_ACK", touched: false });
    await panel.page.getByRole("heading", { name: "edu.IRQ_ACK" }).waitFor();
    await panel.page.getByText("A read on the bus changes the device.").waitFor();
    await panel.page.getByRole("button", { name: "Follow Its Address" }).click();
    expect(await panel.said()).toEqual([{ type: "translate", address: "edu.IRQ_ACK" }]);
  });

  it("stages the bit that is pressed, shows old and new, and writes when told to", async () => {
    await panel.tell({ type: "state", state });
    await panel.tell({ type: "show", tab: "register" });
    await panel.tell({ type: "select", id: "0000:01:00.0/BAR0/edu.STATUS", touched: false });
    const bit = panel.page.getByRole("button", { name: "bit 0, COMPUTING, ro" });
    await bit.press("ArrowLeft");
    await panel.page.keyboard.press("ArrowRight");
    await panel.page.keyboard.press("Space");
    await panel.page.getByText("COMPUTING is read only: the bus ignores it. Poke changes it.").waitFor();
    const diff = panel.page.getByRole("table", { name: "What would change in edu.STATUS" });
    expect(await diff.getByRole("row").last().textContent()).toBe("COMPUTING [0]1 busy0 idle");
    expect(await panel.said()).toEqual([]);
    await panel.page.getByRole("button", { name: "Poke past the Bus" }).click();
    expect(await panel.said()).toEqual([
      { type: "write", verb: "poke", register: "edu.STATUS", value: "0x80" },
    ]);
    await panel.tell({ type: "written", register: "edu.STATUS", sentence: "Done.", failed: false });
    await panel.page.getByRole("status").filter({ hasText: "Done." }).waitFor();
    expect(await panel.page.getByRole("button", { name: "Discard" }).isVisible()).toBe(false);
  });

  it("stages what is typed, and says what is no number", async () => {
    await panel.tell({ type: "state", state });
    await panel.tell({ type: "show", tab: "register" });
    await panel.tell({ type: "select", id: "0000:01:00.0/BAR0/edu.LIVENESS", touched: false });
    const field = panel.page.getByRole("textbox", { name: "New value" });
    await field.fill("12abc");
    await panel.page.getByRole("status").filter({ hasText: "Write a number" }).waitFor();
    await field.fill("0b101");
    await panel.page.locator(".staged-value", { hasText: "0x00000005" }).waitFor();
    await field.press("Enter");
    expect(await panel.said()).toEqual([
      { type: "write", verb: "write", register: "edu.LIVENESS", value: "0x5" },
    ]);
  });

  it("shows no value of a register that can only be written", async () => {
    await panel.tell({ type: "state", state });
    const row = panel.page.getByRole("row").filter({ hasText: "IRQ_RAISE" });
    await row.getByRole("gridcell", { name: "write only" }).first().waitFor();
  });

  it("follows the driver to the register that stopped it, unless told not to", async () => {
    await panel.tell({ type: "state", state });
    await panel.tell({ type: "show", tab: "translate" });
    await panel.tell({ type: "select", id: "0000:01:00.0/BAR0/edu.STATUS", touched: true });
    await panel.page.getByRole("checkbox", { name: "Follow the driver" }).uncheck();
    await panel.tell({ type: "select", id: "0000:01:00.0/BAR0/edu.ID", touched: true });
    expect(await panel.said()).toEqual([{ type: "translate", address: "edu.STATUS" }]);
  });

  it("asks for an address by Enter, and says why it is none", async () => {
    await panel.tell({ type: "state", state });
    await panel.page.getByRole("tab", { name: "Translate" }).click();
    await panel.page.getByRole("textbox", { name: "Address" }).fill(" tea ");
    await panel.page.getByRole("textbox", { name: "Address" }).press("Enter");
    expect(await panel.said()).toEqual([{ type: "translate", address: "tea" }]);
    await panel.tell({ type: "refused", input: "tea", sentence: "tea is no address." });
    await panel.page.getByRole("alert").getByText("tea is no address.").waitFor();
  });

  it("fits into 320 pixels without scrolling sideways", async () => {
    await panel.page.setViewportSize({ width: 320, height: 700 });
    await panel.tell({ type: "state", state });
    await panel.page.getByRole("treeitem").first().waitFor();
    const overhang = await panel.page
      .locator("vscode-panels, vscode-tabs, .view.devices")
      .evaluateAll((elements) => elements.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth));
    await panel.page.setViewportSize({ width: 900, height: 700 });
    expect(overhang).toEqual([0, 0]);
  });
});
