import { describe, expect, test } from "vitest";
import { bus } from "../../../emulator/core/address";
import { configRead, configWrite } from "../../../emulator/pci/config-access";
import { detectError } from "../../../emulator/pci/detected-error";
import { overlaps } from "../../../emulator/pci/overlaps";
import { route } from "../../../emulator/pci/route";
import { type Bench, functionOf, wired } from "../../support/bench";

function ends(made: Bench, address: bigint, space: "memory" | "io"): string {
  const found = route(made.machine.root.bus, bus(address), space);
  const way = found.passed.map(({ bridge }) => bridge.name).join(" > ");
  return found.kind === "bar" ? `${way} > ${found.function.name}` : `${way} dead`;
}

const testdev = { at: "01.0", device: "pci-testdev", name: "testdev" };
const bridgeControl = (made: Bench, name: string, value: number) =>
  functionOf(made, name).configWrite(0x3e, { width: 2, value });

describe("a switch", () => {
  const made = () =>
    wired({
      at: "03.0",
      device: "pcie-root-port",
      name: "rp0",
      below: [
        {
          at: "00.0",
          device: "x3130-upstream",
          name: "up",
          below: [
            {
              at: "00.0",
              device: "xio3130-downstream",
              name: "down0",
              below: [{ at: "00.0", device: "edu", name: "edu" }],
            },
            { at: "01.0", device: "xio3130-downstream", name: "down1" },
          ],
        },
      ],
    });

  test("forwards by each port's window, level by level (PCIe 7.5.1.3)", () => {
    const switched = made();
    expect(ends(switched, functionOf(switched, "edu").bars[0]?.base ?? 0n, "memory")).toBe(
      "rp0 > up > down0 > edu",
    );
  });

  test.each(["rp0", "up", "down0"])(
    "is closed where Memory Space Enable of %s is 0 (PCIe 7.5.1.1.3)",
    (name) => {
      const switched = made();
      functionOf(switched, name).configWrite(4, { width: 2, value: 5 });
      expect(ends(switched, functionOf(switched, "edu").bars[0]?.base ?? 0n, "memory")).toMatch(/dead$/);
    },
  );

  test.each(["rp0", "up", "down0", "edu"])(
    "lets no request up while Bus Master Enable of %s is 0 (PCIe 7.5.1.1.3)",
    (name) => {
      const switched = made();
      expect(functionOf(switched, "edu").dmaWrite(bus(0x200000n), Uint8Array.of(1))).toBe("SC");
      functionOf(switched, name).configWrite(4, { width: 2, value: 3 });
      expect(functionOf(switched, "edu").dmaWrite(bus(0x200000n), Uint8Array.of(1))).toBe("UR");
    },
  );

  test("rotates INTx by the device number at each level (PCIe 2.2.8.1, table 2-20)", () => {
    const switched = made();
    expect(switched.machine.root.gsiOf(functionOf(switched, "edu"))).toBe(23);
  });
});

describe("a bridge to conventional PCI", () => {
  test("hides configuration space above 256 bytes from what is behind it", () => {
    const made = wired({ at: "04.0", device: "pcie-pci-bridge", name: "bridge", below: [testdev] });
    expect(configRead(made.machine.root, { bus: 1, device: 1, function: 0, at: 0x100 }, 4)).toBe(0xffffffff);
  });

  test("has many devices below, unlike a link (PCIe 7.3.1)", () => {
    const behind = (device: string) => {
      const made = wired({ at: "04.0", device, name: "bridge", below: [testdev] });
      return configRead(made.machine.root, { bus: 1, device: 1, function: 0, at: 0 }, 4);
    };
    expect([behind("pcie-pci-bridge"), behind("pcie-root-port")]).toEqual([0x00051b36, 0xffffffff]);
  });

  test("with subtractive decode takes what nobody else claims (PCI-to-PCI Bridge 1.2, 4.5)", () => {
    const made = wired({ at: "1e.0", device: "i82801b11-bridge", name: "legacy", below: [testdev] });
    functionOf(made, "testdev").configWrite(0x10, { width: 4, value: 0x70000000 });
    functionOf(made, "legacy").configWrite(0x20, { width: 4, value: 0x0000fff0 });
    expect(ends(made, 0x70000000n, "memory")).toBe("legacy > testdev");
    expect(ends(made, 0x71000000n, "memory")).toBe("legacy dead");
  });
});

describe("Bridge Control (PCIe 7.5.1.3.13)", () => {
  const made = () => wired({ at: "04.0", device: "pcie-pci-bridge", name: "bridge", below: [testdev] });

  test("VGA Enable forwards a0000-bffff and the VGA ports, whatever the windows hold", () => {
    const bridged = made();
    expect(ends(bridged, 0xa0000n, "memory")).toBe(" dead");
    bridgeControl(bridged, "bridge", 0x08);
    expect([0xa0000n, 0xbffffn, 0xc0000n].map((at) => ends(bridged, at, "memory"))).toEqual([
      "bridge dead",
      "bridge dead",
      " dead",
    ]);
    expect([0x3b0n, 0x3bcn, 0x3c0n, 0x7c0n].map((at) => ends(bridged, at, "io"))).toEqual([
      "bridge dead",
      " dead",
      "bridge dead",
      "bridge dead",
    ]);
  });

  test("VGA 16-bit decode leaves the aliases of the VGA ports alone", () => {
    const bridged = made();
    bridgeControl(bridged, "bridge", 0x18);
    expect(ends(bridged, 0x7c0n, "io")).toBe(" dead");
  });

  test("ISA Enable holds back the last 768 bytes of each KiB", () => {
    const bridged = made();
    functionOf(bridged, "bridge").configWrite(0x1c, { width: 2, value: 0xf010 });
    expect(ends(bridged, 0x1500n, "io")).toBe("bridge dead");
    bridgeControl(bridged, "bridge", 0x04);
    expect([0x1400n, 0x1500n, 0x1700n].map((at) => ends(bridged, at, "io"))).toEqual([
      "bridge dead",
      " dead",
      " dead",
    ]);
  });
});

describe("two that claim one address", () => {
  test("the lower device number answers, and the overlap is told", () => {
    const made = wired({ ...testdev, at: "05.0", name: "low" }, { ...testdev, at: "06.0", name: "high" });
    for (const name of ["low", "high"])
      functionOf(made, name).configWrite(0x10, { width: 4, value: 0x70000000 });
    expect(ends(made, 0x70000000n, "memory")).toBe(" > low");
    expect(overlaps(made.machine.root.bus)).toEqual([
      "BAR 0 of low and BAR 0 of high claim the same addresses: low answers",
    ]);
  });
});

describe("bus numbers", () => {
  test("a bridge without a secondary bus number forwards no configuration request (PCIe 7.3.3)", () => {
    const made = wired({
      at: "03.0",
      device: "pcie-root-port",
      name: "rp0",
      below: [{ at: "00.0", device: "edu", name: "edu" }],
    });
    configWrite(made.machine.root, { bus: 0, device: 3, function: 0, at: 0x18 }, { width: 4, value: 0 });
    expect(configRead(made.machine.root, { bus: 1, device: 0, function: 0, at: 0 }, 4)).toBe(0xffffffff);
  });
});

describe("a master abort on a conventional bus (PCI-to-PCI Bridge 1.2, 3.2.5.18)", () => {
  const [NOWHERE, ABORT_MODE, RECEIVED] = [0x1000, 0x20, 0x2000];

  function bridged() {
    const bench = wired({
      at: "03.0",
      device: "pcie-pci-bridge",
      name: "bridge",
      below: [{ at: "01.0", device: "pci-testdev", name: "card" }],
    });
    const bridge = functionOf(bench, "bridge");
    const window = (bridge.config.value("MEMORY_BASE") & 0xfff0) * 0x10000;
    const beyond =
      window + (window === Number(functionOf(bench, "card").bars[0]?.base) ? 0x10000 : 0) + NOWHERE;
    bench.machine.root.fabric.trace.on = true;
    const io = bench.io.ioremap(beyond, 8);
    const read = () => io && bench.io.ioread32(io);
    const status = () => bench.machine.root.fabric.trace.transactions().at(-1)?.status;
    return { bench, bridge, io, read, status };
  }

  test("is no error while Master Abort Mode is 0: a read gives ones, and ends well", () => {
    const { bridge, read, status } = bridged();
    expect([read(), status()]).toEqual([0xffffffff, "SC"]);
    expect(bridge.config.value("SEC_STATUS") & RECEIVED).toBe(RECEIVED);
    expect(bridge.config.value("EXP_DEVSTA")).toBe(0);
  });

  test("is an Unsupported Request while it is 1, and the bridge detects it", () => {
    const { bridge, read, status } = bridged();
    bridge.configWrite(0x3e, { width: 2, value: ABORT_MODE });
    expect([read(), status()]).toEqual([0xffffffff, "UR"]);
    expect(bridge.config.value("EXP_DEVSTA")).toBe(9);
  });

  test("ends at a bridge to PCI Express as Unsupported Request always: the bit is hard-wired to 0 there", () => {
    const port = functionOf(wired({ at: "03.0", device: "pcie-root-port", name: "rp0" }), "rp0");
    port.configWrite(0x3e, { width: 2, value: ABORT_MODE });
    expect(port.configRead(0x3e, 2)).toBe(0);
  });
});

describe("SERR# of a conventional function (PCI Express to PCI/PCI-X Bridge 1.0, 10.1.2)", () => {
  const SYSTEM_ERROR = 0x4000;

  function pulled(control: number) {
    const bench = wired({
      at: "03.0",
      device: "pcie-root-port",
      name: "rp0",
      below: [
        {
          at: "00.0",
          device: "pcie-pci-bridge",
          name: "bridge",
          below: [{ at: "01.0", device: "edu", name: "edu" }],
        },
      ],
    });
    const [port, bridge, edu] = [
      functionOf(bench, "rp0"),
      functionOf(bench, "bridge"),
      functionOf(bench, "edu"),
    ];
    for (const fn of [port, bridge, edu]) fn.configWrite(4, { width: 2, value: 0x107 });
    port.configWrite(0x3e, { width: 2, value: 2 });
    bridge.configWrite(0x3e, { width: 2, value: control });
    detectError(edu, { kind: "uncorrectable", bit: 18 });
    return { port, bridge, edu };
  }

  test("becomes ERR_FATAL in the bridge's name, and arrives at the root port", () => {
    const { port, bridge, edu } = pulled(2);
    expect(edu.config.value("STATUS") & SYSTEM_ERROR).toBe(SYSTEM_ERROR);
    expect(bridge.config.value("SEC_STATUS") & SYSTEM_ERROR).toBe(SYSTEM_ERROR);
    expect([port.configRead(0x130, 4), port.configRead(0x136, 2)]).toEqual([0x54, 0x0100]);
  });

  test("ends at the bridge while its SERR# Enable is 0", () => {
    const { port, bridge } = pulled(0);
    expect(bridge.config.value("SEC_STATUS") & SYSTEM_ERROR).toBe(SYSTEM_ERROR);
    expect(port.configRead(0x130, 4)).toBe(0);
  });
});
