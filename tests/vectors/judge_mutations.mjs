// Judge cases from stdin, one in JSON a line, with every check of signatures that there is; one answer a line.
//
// The first argument is the address of the `jose` package: where a text passes the front door under the name of a key
// that the vectors know, the answer says what each check, and jose, makes of its signature.
import { createInterface } from "node:readline";
import { judging } from "./phone.mjs";

await judging.useJose(await import(process.argv[2]));
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await judging.answer(JSON.parse(line)))}\n`);
}
