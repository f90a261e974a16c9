/** linux/byteorder. */
import type * as byteorder from "linux/byteorder";

export const swab16 = (value: number) => ((value & 0xff) << 8) | ((value >>> 8) & 0xff);
export const swab32 = (value: number) => ((swab16(value) << 16) | swab16(value >>> 16)) >>> 0;
export const swab64 = (value: bigint) =>
  (BigInt(swab32(Number(value & 0xffffffffn))) << 32n) | BigInt(swab32(Number((value >> 32n) & 0xffffffffn)));
const same16 = (value: number) => value & 0xffff;
const same32 = (value: number) => value >>> 0;
const same64 = (value: bigint) => BigInt.asUintN(64, value);

export const byteorderModule: typeof byteorder = {
  cpu_to_le16: same16,
  cpu_to_le32: same32,
  cpu_to_le64: same64,
  le16_to_cpu: same16,
  le32_to_cpu: same32,
  le64_to_cpu: same64,
  cpu_to_be16: swab16,
  cpu_to_be32: swab32,
  cpu_to_be64: swab64,
  be16_to_cpu: swab16,
  be32_to_cpu: swab32,
  be64_to_cpu: swab64,
  swab16,
  swab32,
  swab64,
};
