/** A Chrome or Chromium that shows the stand-in: one that is installed, else Debian's. */
import { existsSync } from "node:fs";
import { insist, run } from "../command.mjs";

const places = [
  process.env["CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
];

/** What keeps a headless browser quiet, offline and alive in a container. */
export const browserArguments = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * The path of a browser, installed by apt if there is none.
 * @returns {Promise<string>}
 */
export async function findBrowser() {
  const found = places.find((place) => place && existsSync(place));
  if (found) return found;
  if (process.getuid?.() !== 0 || (await run("apt-get", ["--version"], { quiet: true })) !== 0) {
    throw new Error(
      "Install Chromium or Chrome (Debian: apt-get install chromium), or set CHROMIUM to its path",
    );
  }
  console.log("Installing chromium with apt-get");
  const apt = ["-o", "DPkg::Lock::Timeout=400", "-y"];
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await insist("apt-get", [...apt, "update"], { env });
  await insist("apt-get", [...apt, "install", "--no-install-recommends", "chromium", "fonts-dejavu-core"], {
    env,
  });
  return "/usr/bin/chromium";
}
