/** A suite of tests in the editor's window; a failure leaves a picture. */
import { suite, suiteSetup, suiteTeardown, teardown } from "mocha";
import type { Browser } from "playwright-core";
import { Workbench } from "./workbench";

/** `body` gets the window by a call: there is none yet while the tests are declared. */
export function story(title: string, body: (workbench: () => Workbench) => void): void {
  suite(title, () => {
    let attached: { workbench: Workbench; browser: Browser };
    suiteSetup(async () => {
      attached = await Workbench.attach(process.env["ROOTPORT_CDP"] ?? "");
    });
    teardown(async function () {
      if (this.currentTest?.state !== "failed") return;
      await attached.workbench.screenshot(`failed ${this.currentTest.fullTitle().replace(/[^\w ]/g, "")}`);
    });
    suiteTeardown(async function () {
      // A test that never ran: what prepares the suite has failed.
      const unrun = this.test?.parent?.tests.some(({ state, pending }) => !state && !pending);
      if (unrun) await attached.workbench.screenshot(`failed ${title}`);
      await attached.browser.close();
    });
    body(() => attached.workbench);
  });
}
