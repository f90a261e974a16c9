import { describe, expect, it } from "vitest";
import { setpci } from "../../../extension/host/shell/setpci";
import { realSetpci, whyNoSetpci } from "../../support/setpci";
import { reachable } from "../../support/terminal";

const reason = whyNoSetpci();
const words = (line: string) => line.split(" ");

/** What ours prints, a refusal included as the real one words it. */
async function ours(line: string): Promise<string> {
  return setpci(reachable(), words(line)).catch(({ message }: Error) => `setpci: ${message}\n`);
}

const readings = [
  "-s 01:00.0 COMMAND",
  "-s 01:00.0 VENDOR_ID DEVICE_ID 8.b 0.l",
  "-v -s 01:00.0 COMMAND",
  "-v -s 01:00.0 CAP_MSI+2.w",
  "-v -s 00:03.0 CAP_EXP+12.w",
  "-s 00:03.0 cap10+2.w",
  "-s 00:03.0 ECAP_AER+4.l",
  "-d 1234: 0.l",
  "-d :000c SECONDARY_BUS",
  "-v -s 00:03.0 -s 00:04.0 SUBORDINATE_BUS -s 01:00.0 -d 1234: REVISION",
  "-s 09:00.0 COMMAND",
  "-f -s 09:00.0 COMMAND",
  "-s 01:00.0 CAP_EXP+2.w",
  "-s 01:00.0 ECAP_AER+4.l",
];

const writings = [
  "-v -s 01:00.0 COMMAND=7",
  "-v -s 01:00.0 COMMAND=0:2",
  "-v -s 01:00.0 4.w=1,0",
  "-v -D -s 01:00.0 COMMAND=7",
  "-D -s 01:00.0 COMMAND",
  "-v -s 01:00.0 BASE_ADDRESS_0=fffffff0:ffff0000",
];

describe("setpci", () => {
  it.skipIf(reason !== undefined).each([...readings, ...writings])(
    "%s prints what pciutils 3.9.0 prints",
    async (line) => {
      const devices = await reachable().sysfs();
      expect(await ours(line)).toBe(realSetpci(devices, words(line)));
    },
  );

  it("writes over the bus: COMMAND has no bit that the function has not", async () => {
    const machine = reachable();
    await setpci(machine, words("-s 01:00.0 COMMAND=ffff"));
    expect(await setpci(machine, words("-s 01:00.0 COMMAND"))).not.toBe("ffff\n");
  });

  it("says what it writes also without -v", async () => {
    expect(await ours("-s 01:00.0 COMMAND=6:6")).toBe("0000:01:00.0 @04 0000->(0006:0006)->0006\n");
  });

  it.each([
    ["COMMAND", "Filter specification expected"],
    ["-s 01:00.0", "No operation specified"],
    ["-s 01:00.0 FOO", 'Unknown register "FOO"'],
    ["-s 01:00.0 4", "Missing width: write 4.b, .w or .l"],
    ["-s 01:00.0 5.w", "Unaligned register address 05"],
    ["-s 01:00.0 1000.b", "Register number 1000 out of range"],
    ["-s 01:00.0 4.z", 'Invalid width "z"'],
    ["-s 01:00.0 4.w=12345", 'Invalid value "12345"'],
    ["-s 01:00.0 4.w=1:", 'Invalid value "1:"'],
    ["-s zz 4.w", '"zz" is no slot'],
    ["-x 4.w", 'no option "-x"'],
  ])("refuses %s in a sentence", async (line, sentence) => {
    await expect(setpci(reachable(), words(line))).rejects.toThrow(sentence);
  });
});
