import { describe, expect, test } from "vitest";
import { bus } from "../../../emulator/core/address";
import type { FunctionDescription } from "../../../emulator/machine/description";
import { type Bench, functionOf, wired } from "../../support/bench";

const IVSHMEM_MEMORY = 2;

function memoryOf(bench: Bench, name: string): bigint {
  const bar = functionOf(bench, name).bars.find(({ index }) => index === IVSHMEM_MEMORY);
  if (!bar) throw new RangeError(`${name} has no memory`);
  return bar.base;
}

/** edu and shared memory, each behind a port of one switch. */
function switched(options: FunctionDescription["options"] = {}): Bench {
  const port = (at: string, name: string, below: FunctionDescription) =>
    ({ at, device: "xio3130-downstream", name, options, below: [below] }) as const;
  return wired({
    at: "03.0",
    device: "pcie-root-port",
    name: "rp0",
    below: [
      {
        at: "00.0",
        device: "x3130-upstream",
        name: "up",
        below: [
          port("00.0", "left", { at: "00.0", device: "edu", name: "edu" }),
          port("01.0", "right", { at: "00.0", device: "ivshmem", name: "shmem" }),
        ],
      },
    ],
  });
}

/** What the peer holds after edu wrote there, and what edu reads back. */
function exchange(bench: Bench): { ended: readonly string[]; found: readonly number[] } {
  const [edu, at] = [functionOf(bench, "edu"), memoryOf(bench, "shmem")];
  const into = new Uint8Array(5);
  const ended = [edu.dmaWrite(bus(at + 3n), Uint8Array.of(1, 2, 3, 4, 5)), edu.dmaRead(bus(at + 3n), into)];
  return { ended, found: [...into] };
}

describe("a function's request to a peer", () => {
  test("turns round inside the switch that both are below (PCIe 6.12)", () => {
    const bench = switched();
    expect(exchange(bench)).toEqual({ ended: ["SC", "SC"], found: [1, 2, 3, 4, 5] });
  });

  test("reaches registers in words, with the byte enables of its ends", () => {
    const bench = wired(
      { at: "04.0", device: "edu", name: "edu" },
      { at: "05.0", device: "edu", name: "other" },
    );
    const [edu, other] = [functionOf(bench, "edu"), functionOf(bench, "other")];
    const base = other.bars[0]?.base ?? 0n;
    edu.dmaWrite(bus(base + 4n), Uint8Array.of(0xff, 0xff, 0xff, 0xff));
    const into = new Uint8Array(4);
    edu.dmaRead(bus(base + 4n), into);
    expect([...into]).toEqual([0, 0, 0, 0]);
  });

  test("goes through the root complex between two root ports", () => {
    const bench = wired(
      { at: "03.0", device: "root-port", name: "rp0", below: [{ at: "00.0", device: "edu", name: "edu" }] },
      {
        at: "04.0",
        device: "root-port",
        name: "rp1",
        below: [{ at: "00.0", device: "ivshmem", name: "shmem" }],
      },
    );
    expect(exchange(bench).found).toEqual([1, 2, 3, 4, 5]);
  });

  test("is redirected to the root by P2P Request Redirect of the port it came in by (PCIe 6.12.1.1)", () => {
    const bench = switched({ acs: 1 });
    const seen: string[] = [];
    bench.machine.root.fabric.onError = ({ sentence }) => seen.push(sentence);
    functionOf(bench, "left").configWrite(0x14e, { width: 2, value: 4 });
    expect(exchange(bench).ended).toEqual(["UR", "UR"]);
    expect(seen[0]).toMatch(/window of rp0 holds this address, and a bridge sends nothing back up/);
  });

  test("that was redirected comes back down where Upstream Forwarding lets it (PCIe 6.12.1.1)", () => {
    const bench = switched({ acs: 1 });
    functionOf(bench, "left").configWrite(0x14e, { width: 2, value: 4 });
    functionOf(bench, "rp0").configWrite(0x14e, { width: 2, value: 0x10 });
    expect(exchange(bench)).toEqual({ ended: ["SC", "SC"], found: [1, 2, 3, 4, 5] });
  });

  test("dies at a bridge whose own window holds the address: it sends nothing back up (PCI-to-PCI Bridge 1.2, 4.1)", () => {
    const bench = wired({
      at: "03.0",
      device: "root-port",
      name: "rp0",
      below: [{ at: "00.0", device: "edu", name: "edu" }],
    });
    const [edu, own] = [functionOf(bench, "edu"), functionOf(bench, "edu").bars[0]?.base ?? 0n];
    expect(edu.dmaWrite(bus(own), Uint8Array.of(1, 2, 3, 4))).toBe("UR");
  });

  test("on a conventional bus is claimed there: the bridge above does not see it (PCI 3.0, 3.2)", () => {
    const bench = wired({
      at: "03.0",
      device: "pcie-pci-bridge",
      name: "bridge",
      below: [
        { at: "01.0", device: "edu", name: "edu" },
        { at: "02.0", device: "ivshmem", name: "shmem" },
      ],
    });
    expect(exchange(bench).found).toEqual([1, 2, 3, 4, 5]);
  });

  test("is posted on its target's path: a read of the target by the CPU finds it (PCIe 2.4.1)", () => {
    const bench = switched();
    bench.machine.root.fabric.posted.setMode("adversarial");
    const [edu, at] = [functionOf(bench, "edu"), memoryOf(bench, "shmem")];
    edu.dmaWrite(bus(at), Uint8Array.of(7, 0, 0, 0));
    expect(bench.machine.root.fabric.posted.waiting).toBe(1);
    const io = bench.io.ioremap(Number(at), 4);
    expect(io && bench.io.ioread32(io)).toBe(7);
  });
});
