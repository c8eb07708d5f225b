// Why a text is no token of ours, with the reason's code and facts; the codes are those of passes/verifying/verdicts.py.

export type Fact = string | number | readonly string[];
export type Facts = Readonly<Record<string, Fact>>;

export class RefusedToken extends Error {
  readonly code: string;
  readonly facts: Facts;

  constructor(code: string, facts: Facts = {}) {
    super(code);
    this.code = code;
    this.facts = facts;
  }
}
