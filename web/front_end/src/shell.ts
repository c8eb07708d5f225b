// What every page gains where scripts run: a button that copies, and times as distances from now.
import { offerCopying } from "./copying.ts";
import { tellTimes } from "./times.ts";

const MINUTE_MS = 60_000;

offerCopying(document);
tellTimes(document, Date.now());
setInterval(() => tellTimes(document, Date.now()), MINUTE_MS);
