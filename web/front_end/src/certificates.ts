// Check closed-loop certificates on this phone, with keys that it keeps: without a network too.
import { readBundle, type Bundle } from "./post/documents.ts";
import { offerScanning } from "./track/code_scanner.ts";
import { keepTrip } from "./track/keeping.ts";
import { verifyLoop, type LoopClaims, type LoopVerdict } from "./verifier/loop.ts";
import { signatureCheck } from "./verifier/signatures.ts";

interface Words {
  readonly words: Readonly<Record<string, string>>;
  readonly signs: Readonly<Record<string, string>>;
  readonly reasons: Readonly<Record<string, string>>;
  readonly other: string;
  readonly steps: Readonly<Record<string, string>>;
}

/** Where this phone keeps the newest keys that it was given. */
const KEPT = "baotong-keys";

function part(root: HTMLElement, name: string): HTMLElement {
  const found = root.querySelector<HTMLElement>(`[data-${name}]`);
  if (!found) throw new Error(`the page has no ${name}`);
  return found;
}

class Check {
  private readonly root: HTMLElement;
  private readonly words: Words;
  private readonly labels: readonly (readonly [string, string])[];
  private bundle: Bundle | undefined;

  constructor(root: HTMLElement) {
    this.root = root;
    this.words = JSON.parse(root.dataset["words"] ?? "{}") as Words;
    this.labels = JSON.parse(part(root, "facts").dataset["labels"] ?? "[]") as [string, string][];
  }

  /** Take what is kept, then what is newest; an older list than the one kept is refused. */
  async renew(): Promise<void> {
    const check = await signatureCheck();
    const kept = localStorage.getItem(KEPT);
    if (kept && !this.bundle) this.bundle = await readBundle(kept, {}, check).catch(() => undefined);
    try {
      const answer = await fetch(this.root.dataset["bundle"] ?? "", { cache: "no-cache" });
      if (!answer.ok) return;
      const text = await answer.text();
      this.bundle = await readBundle(text, { bundle: this.bundle }, check);
      localStorage.setItem(KEPT, text);
    } catch {
      // What is kept goes on holding.
    }
    this.root.dataset["ready"] = this.bundle ? "1" : "0";
  }

  async judge(text: string): Promise<void> {
    if (!this.bundle) {
      part(this.root, "scan-told").textContent = this.root.dataset["noKeys"] ?? "";
      return;
    }
    this.show(await verifyLoop(text, this.bundle.keys, Date.now() / 1000, await signatureCheck()));
  }

  private show({ verdict, reasons, claims }: LoopVerdict): void {
    const answer = part(this.root, "answer");
    answer.className = `verdict ${verdict}`;
    answer.dataset["verdict"] = verdict;
    part(this.root, "word").textContent = `${this.words.signs[verdict]} ${this.words.words[verdict]}`;
    part(this.root, "plate").textContent = verdict === "red" ? "" : (claims?.plate ?? "");
    const list = part(this.root, "reasons");
    list.replaceChildren(
      ...reasons.map((one) => {
        const item = document.createElement("li");
        item.className = one.level;
        const said = this.words.reasons[one.code] ?? this.words.other;
        const facts: Record<string, string> = { issuer: String(one.facts["issuer"] ?? ""), expires_at: this.time(Number(one.facts["expires_at"] ?? 0)) };
        item.textContent = `${said.replace(/\{(\w+)\}/g, (_, name: string) => facts[name] ?? "")} ${this.words.steps[one.next] ?? ""}`;
        return item;
      }),
    );
    this.showFacts(verdict === "red" ? undefined : claims);
    answer.hidden = false;
    part(this.root, "details").hidden = false;
  }

  private showFacts(claims: LoopClaims | undefined): void {
    const rows = this.labels.flatMap(([name, label]) => {
      const value = claims?.[name as keyof LoopClaims];
      if (value === undefined) return [];
      const [term, said] = [document.createElement("dt"), document.createElement("dd")];
      term.textContent = label;
      said.textContent = typeof value === "number" ? this.time(value) : value;
      return [term, said];
    });
    part(this.root, "facts").replaceChildren(...rows);
  }

  private time(second: number): string {
    if (!second) return "";
    const zone = this.root.dataset["zone"] ?? "Asia/Shanghai";
    return new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short", timeZone: zone }).format(second * 1000);
  }
}

async function open(root: HTMLElement): Promise<void> {
  const check = new Check(root);
  offerScanning(root, (text) => void check.judge(text));
  const form = document.querySelector<HTMLFormElement>("form[data-check-form]");
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    void check.judge(String(new FormData(form).get("text") ?? ""));
  });
  await check.renew();
  keepTrip(root.dataset["worker"] ?? "");
}

const root = document.querySelector<HTMLElement>("[data-certificates]");
if (root) void open(root);
