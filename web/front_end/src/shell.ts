// What every page gains where scripts run: menus that close, a button that copies, and times as distances from now.
import { offerCopying } from "./copying.ts";
import { closeMenus } from "./menus.ts";
import { tellTimes } from "./times.ts";

const MINUTE_MS = 60_000;

closeMenus(document);
offerCopying(document);
tellTimes(document, Date.now());
setInterval(() => tellTimes(document, Date.now()), MINUTE_MS);
