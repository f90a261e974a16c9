/** Goes on after an await: V8 remembers who waits. */
import { pr_info } from "linux/printk";

async function later(): Promise<number> {
  await Promise.resolve();
  const answer = 42;
  // biome-ignore lint/suspicious/noDebugger: what is tested
  debugger;
  return answer;
}

export async function exercise(): Promise<void> {
  pr_info(`${await later()}`);
}
