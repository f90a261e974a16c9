/** Issue: "a pseudo-terminal Rootport where lspci -vv, setpci, cat /proc/iomem, devmem, dmesg do what people already type." */
import { suiteSetup, suiteTeardown, test } from "mocha";
import * as vscode from "vscode";
import { clean } from "./sources";
import { story } from "./story";
import { until } from "./until";

story("the terminal", (workbench) => {
  suiteSetup(async () => {
    await clean();
    await workbench().command("Rootport: Open Terminal");
    await workbench().page.locator(".terminal-wrapper.active .xterm").waitFor();
  });
  suiteTeardown(async () => {
    for (const terminal of vscode.window.terminals) terminal.dispose();
    await vscode.commands.executeCommand("workbench.action.closePanel");
  });

  /** What the terminal shows, its rows as lines. */
  async function shown(): Promise<string> {
    await vscode.commands.executeCommand("workbench.action.terminal.selectAll");
    await vscode.commands.executeCommand("workbench.action.terminal.copySelection");
    await vscode.commands.executeCommand("workbench.action.terminal.clearSelection");
    return vscode.env.clipboard.readText();
  }

  async function typed(keys: string, answer: RegExp): Promise<void> {
    await workbench().page.locator(".terminal-wrapper.active .xterm-helper-textarea").focus();
    await workbench().page.keyboard.type(keys);
    await until(async () => answer.test(await shown()));
  }

  test("prints what lspci prints of the machine", async () => {
    await typed(
      "lspci -vv -s 01:00.0 | grep Region\n",
      /Region 0: Memory at 40000000 \(32-bit, non-prefetchable\)/,
    );
  });

  test("completes a path by Tab", async () => {
    await typed("cat /proc/iom\t", /cat \/proc\/iomem/);
    await typed("\n", /40000000-400fffff : 0000:01:00\.0/);
  });

  test("writes configuration space by setpci and memory by devmem, and says so", async () => {
    await typed("setpci -s 01:00.0 COMMAND=2:2\n", /0000:01:00\.0 @04 [0-9a-f]{4}->\(0002:0002\)/);
    await typed(
      "devmem 0x40000004 32 0x12345678\n",
      /0x12345678 was written over the bus to 0x40000004, which now holds 0xEDCBA987/,
    );
  });

  test("brings the last line back by the arrow key, and leaves a line by Ctrl+C", async () => {
    const { page } = workbench();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Control+c");
    await until(async () => /0x12345678\^C/.test(await shown()));
    await workbench().screenshot("terminal");
  });

  test("is among the profiles of VS Code's own list", async () => {
    void vscode.commands.executeCommand("workbench.action.terminal.newWithProfile");
    await workbench().answer("Rootport");
    await until(() => vscode.window.terminals.filter(({ name }) => name === "Rootport").length === 2);
  });
});
