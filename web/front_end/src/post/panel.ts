// Show a verdict: the instruction large, the plate larger, every reason with its clause and next step.
import type { PassClaims } from "../verifier/claims.ts";
import type { Reason } from "../verifier/grounds.ts";
import type { Verdict } from "../verifier/verify.ts";
import type { Holding } from "./holding.ts";
import { drawCorridor } from "./picture.ts";
import type { Position } from "./whereabouts.ts";
import { fill, sayClause, sayInstant, sayReason, sayStep, type Words } from "./words.ts";

/** What was checked: as scanned, or a truck of today's list. */
export interface Checked {
  readonly verdict: Verdict;
  /** Token, URL or digits; "" where a plate was typed. */
  readonly text: string;
  readonly seenPlate: string;
  readonly position: Position | undefined;
}

const DRILL = "drill";

export class Panel {
  readonly root: HTMLElement;
  private readonly holding: Holding;

  constructor(root: HTMLElement, holding: Holding) {
    this.root = root;
    this.holding = holding;
  }

  private part(name: string): HTMLElement {
    const found = this.root.querySelector<HTMLElement>(`[data-part=${name}]`);
    if (!found) throw new Error(`the page has no ${name}`);
    return found;
  }

  private say(name: string, text: string): void {
    const part = this.part(name);
    part.textContent = text;
    part.hidden = text === "";
  }

  /** Show a verdict. `isAgain`: of the truck that is shown already; then a form that the guard is at stays as it is. */
  show({ verdict, text, seenPlate, position }: Checked, isAgain = false): void {
    const words = this.holding.surroundings?.words;
    if (!words) return;
    const isDrill = verdict.reasons.some((one) => one.code === DRILL);
    const refusing = this.root.querySelector<HTMLDetailsElement>("details.refuse");
    const isAtForm = isAgain && (refusing?.open === true || this.root.querySelector("form :focus") !== null);
    this.head(verdict, words, isDrill);
    this.reasons(verdict, words);
    this.facts(verdict.claims);
    this.where(verdict.claims, position);
    this.forms(verdict, text, seenPlate);
    if (refusing && !(isAgain && refusing.open)) refusing.open = verdict.verdict === "red";
    this.root.hidden = false;
    if (isAtForm) return;
    this.part("head").focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  hide(): void {
    this.root.hidden = true;
    const head = this.part("head");
    delete head.dataset["verdict"];
    for (const name of ["word", "plate", "next", "reasons", "facts", "picture"]) this.part(name).textContent = "";
    for (const form of this.root.querySelectorAll("form")) form.reset();
    // What a hidden field was given is not reset.
    for (const field of this.root.querySelectorAll<HTMLInputElement>("input[type=hidden]:is([name=text], [name=plate])")) field.value = "";
    for (const photo of this.root.querySelectorAll("img.photo-preview")) photo.remove();
  }

  private head(verdict: Verdict, words: Words, isDrill: boolean): void {
    const head = this.part("head");
    head.className = `verdict ${verdict.verdict}${isDrill ? " drill" : ""}`;
    head.dataset["verdict"] = verdict.verdict;
    this.say("sign", words.signs[verdict.verdict] ?? "");
    this.say("word", isDrill ? words.drill : (words.verdicts[verdict.verdict] ?? ""));
    this.say("plate", verdict.claims?.plate ?? "");
    const gravest = verdict.reasons[0];
    this.say("next", verdict.verdict === "green" || !gravest ? "" : sayStep(gravest, words, this.holding.zone));
  }

  private reasons({ verdict, reasons }: Verdict, words: Words): void {
    this.part("reasons").replaceChildren(...reasons.map((one, place) => this.reason(one, words, verdict !== one.level, place)));
  }

  private reason(one: Reason, words: Words, isOutweighed: boolean, place: number): HTMLLIElement {
    const item = document.createElement("li");
    item.className = one.level;
    item.dataset["code"] = one.code;
    const text = document.createElement("strong");
    text.textContent = sayReason(one, words, this.holding.zone);
    const clause = document.createElement("small");
    clause.className = "soft";
    clause.textContent = sayClause(one, words);
    item.append(text);
    if (place && one.level !== "green") {
      const step = isOutweighed ? (words.steps["follow-gravest"] ?? "") : sayStep(one, words, this.holding.zone);
      item.append(document.createElement("br"), step);
    }
    item.append(" ", clause);
    return item;
  }

  private facts(claims: PassClaims | undefined): void {
    const names = this.holding.surroundings?.places ?? {};
    const labels = this.part("facts").dataset;
    const rows: [string, string][] = [];
    if (claims) {
      const zone = this.holding.zone;
      rows.push([labels["number"] ?? "", claims.number]);
      rows.push([labels["validity"] ?? "", `${sayInstant(claims.notBefore, zone)} – ${sayInstant(claims.expiresAt, zone)}`]);
      rows.push([labels["way"] ?? "", [claims.origin, claims.destination].map((one) => names[one] ?? one).join(" → ")]);
      rows.push([labels["issuer"] ?? "", labels["issuerName"] ?? claims.issuer]);
      rows.push([labels["crew"] ?? "", claims.crew.map((one) => `${one.maskedName} (${one.idTail})`).join("、")]);
    }
    this.part("facts").replaceChildren(
      ...rows.flatMap(([label, value]) => {
        const [name, said] = [document.createElement("dt"), document.createElement("dd")];
        name.textContent = label;
        said.textContent = value;
        return [name, said];
      }),
    );
  }

  private where(claims: PassClaims | undefined, position: Position | undefined): void {
    const isDrawn = claims !== undefined && claims.corridor.length > 1 && position !== undefined;
    this.part("where").hidden = !isDrawn;
    if (!isDrawn) return;
    this.part("picture").replaceChildren(drawCorridor(claims.corridor, position.point));
    const [source, metres] = [this.part("place-source"), position.accuracyM];
    source.textContent =
      metres === undefined ? (source.dataset["place"] ?? "") : fill(source.dataset["phone"] ?? "", { metres: String(Math.round(metres)) });
  }

  private forms(verdict: Verdict, text: string, seenPlate: string): void {
    for (const field of this.root.querySelectorAll<HTMLInputElement>("input[name=text]")) field.value = text;
    const plate = seenPlate || (text ? "" : (verdict.claims?.plate ?? ""));
    for (const field of this.root.querySelectorAll<HTMLInputElement>("input[type=hidden][name=plate]")) field.value = plate;
    this.part("compare").hidden = verdict.claims === undefined || seenPlate !== "";
    this.part("guided").hidden = !verdict.reasons.some((one) => one.code === "off-route" || one.code === "other-way");
    this.root.querySelector<HTMLElement>("[data-call]")?.toggleAttribute("hidden", verdict.verdict === "green");
    const [letPass, labels] = [this.part("let-pass"), this.part("let-pass").dataset];
    letPass.textContent = (verdict.verdict === "red" ? labels["afterCall"] : labels["plain"]) ?? "";
    letPass.classList.toggle("main", verdict.verdict !== "red");
  }
}
