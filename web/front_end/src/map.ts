// Every map of the page: the library and all that draws with it is fetched only where there is one.
import { offerFilter, unfoldForPrint } from "./map/filtering.ts";

offerFilter(document);
unfoldForPrint(document);
const figures = document.querySelectorAll<HTMLElement>("[data-county-map]");
if (figures.length > 0) {
  void import("./map/county_map.ts").then(({ openMaps }) => openMaps(figures));
}
