// List the trucks that fit or are due; a tap judges one on the phone.
import type { Truck } from "./documents.ts";
import type { Holding } from "./holding.ts";
import { isDue } from "./trucks.ts";
import { sayInstant } from "./words.ts";

function hit(truck: Truck, holding: Holding, labels: DOMStringMap, nowS: number, choose: (truck: Truck) => void): HTMLLIElement {
  const [item, link] = [document.createElement("li"), document.createElement("a")];
  link.className = "hit";
  link.href = `${labels["pass"] ?? ""}${truck.claims.number}`;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    choose(truck);
  });
  const [plate, facts, times] = [document.createElement("span"), document.createElement("span"), document.createElement("small")];
  plate.className = "plate";
  plate.textContent = truck.claims.plate;
  facts.className = "hit-facts";
  times.textContent = `${labels["expected"] ?? ""} ${[truck.from, truck.to].map((one) => sayInstant(one, holding.zone).slice(-5)).join("–")}`;
  facts.append(truck.firm, document.createElement("br"), times);
  link.append(plate, facts);
  if (isDue(truck, nowS)) {
    const now = document.createElement("span");
    now.className = "state good";
    now.textContent = labels["now"] ?? "";
    link.append(now);
  }
  item.append(link);
  return item;
}

/** Fill a section with trucks. */
export function showTrucks(section: HTMLElement, trucks: readonly Truck[], holding: Holding, nowS: number, choose: (truck: Truck) => void): void {
  const list = section.querySelector("ul");
  list?.replaceChildren(...trucks.map((one) => hit(one, holding, section.dataset, nowS, choose)));
  section.hidden = !trucks.length;
}
