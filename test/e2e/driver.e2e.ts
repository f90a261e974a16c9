/** Issue: "Open the sample driver edu.ts, press F5, stop at a breakpoint in probe, see locals, step, continue." */
import assert from "node:assert/strict";
import { suiteSetup, suiteTeardown, test } from "mocha";
import { Debugging } from "./debugging";
import { clean, lineOf } from "./sources";
import { story } from "./story";

story("the sample driver", (workbench) => {
  let debugging: Debugging;
  let first: number;

  suiteSetup(async () => {
    await clean();
    debugging = new Debugging(workbench());
    first = lineOf("edu.ts", /^\s+(const|let) /, /probe\(/);
    await workbench().openDriver("edu.ts");
  });
  suiteTeardown(clean);

  test("stops at a breakpoint in probe after a bare F5", async () => {
    await debugging.breakpoint(first);
    await debugging.press("F5");
    await debugging.stopsAt(first);
  });

  test("shows probe and its caller in the call stack, and the locals of probe", async () => {
    const [top = ""] = await debugging.rows("call-stack");
    assert.match(top, /probe/);
    assert.match(await debugging.variable(/^pdev =/), /pdev/);
    await workbench().screenshot("stopped in probe");
  });

  test("steps over, into a function and out of it", async () => {
    const call = lineOf("edu.ts", /\bselfTest\(|\bfactorial\(/, /probe\(/);
    await debugging.press("F10");
    await debugging.stopsAt(first + 1);
    await debugging.runTo(call);
    await debugging.press("F11");
    await debugging.standsIn(/selfTest|factorial/);
    await debugging.press("Shift+F11");
    await debugging.standsIn(/probe/);
  });

  test("continues until the driver is bound and waits", async () => {
    await debugging.press("F5");
    await workbench().statusBar("driver bound").waitFor();
    await workbench().screenshot("driver bound");
  });
});
