// Read worn codes as the phone does when its reader has found none: pictures come as width, height (16 bits each), greys.
import { readWorn } from "../../web/front_end/src/worn/read.ts";

const parts = [];
for await (const part of process.stdin) parts.push(part);
const sent = Buffer.concat(parts);
for (let at = 0; at < sent.length; ) {
  const [width, height] = [sent.readUInt16LE(at), sent.readUInt16LE(at + 2)];
  const grey = new Uint8Array(sent.subarray(at + 4, at + 4 + width * height));
  process.stdout.write(`${readWorn({ width, height, grey })}\n`);
  at += 4 + width * height;
}
