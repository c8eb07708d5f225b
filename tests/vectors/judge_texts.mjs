// Judge free texts as the phone does: the first line is what the office gives to phones, then one text a line.
import { createInterface } from "node:readline";
import { meaningOf } from "../../web/front_end/src/post/forbidden.ts";

let reasons;
for await (const line of createInterface({ input: process.stdin })) {
  if (reasons === undefined) reasons = JSON.parse(line);
  else process.stdout.write(`${JSON.stringify(meaningOf(JSON.parse(line), reasons))}\n`);
}
