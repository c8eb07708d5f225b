// What every page gains where scripts run: menus that close, a button that copies, files not too large, times as distances
// from now, and a guard's phone that forgets when its guard signs out.
import { offerCopying } from "./copying.ts";
import { offerWayBack, watchSizes } from "./file_sizes.ts";
import { closeMenus } from "./menus.ts";
import { forgetOnSignOut, tellSealed } from "./post/leaving.ts";
import { tellTimes } from "./times.ts";

const MINUTE_MS = 60_000;

closeMenus(document);
forgetOnSignOut(document);
offerCopying(document);
watchSizes(document);
offerWayBack(document);
tellSealed(document);
tellTimes(document, Date.now());
setInterval(() => tellTimes(document, Date.now()), MINUTE_MS);
