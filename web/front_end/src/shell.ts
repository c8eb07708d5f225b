// What every page gains where scripts run: menus that close, a button that copies, files not too large, and times as distances from now.
import { offerCopying } from "./copying.ts";
import { offerWayBack, watchSizes } from "./file_sizes.ts";
import { closeMenus } from "./menus.ts";
import { tellTimes } from "./times.ts";

const MINUTE_MS = 60_000;

closeMenus(document);
offerCopying(document);
watchSizes(document);
offerWayBack(document);
tellTimes(document, Date.now());
setInterval(() => tellTimes(document, Date.now()), MINUTE_MS);
