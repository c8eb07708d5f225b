// Find a truck on today's list by characters of its plate or by the number of its pass.
import { normalisePlate } from "../verifier/plates.ts";
import type { ExpectedList, Truck } from "./documents.ts";

const SHORTEST = 3;
const NUMBER = /^[0-9]{12}$/;
const SOON_S = 7_200;

/** Tell whether a truck may be here at a time. */
export function isDue(truck: Truck, at: number): boolean {
  return truck.from <= at && at <= truck.to;
}

/** Return the trucks whose plate holds these characters, those that are due now first. */
export function findTrucks(list: ExpectedList | undefined, part: string, at: number): Truck[] {
  const wanted = normalisePlate(part);
  if (wanted.length < SHORTEST) return [];
  const fits = ({ claims }: Truck): boolean => (NUMBER.test(wanted) ? claims.number === wanted : claims.plate.includes(wanted));
  const rank = (one: Truck): number => (isDue(one, at) ? 0 : 2) + (one.claims.plate.endsWith(wanted) ? 0 : 1);
  return (list?.trucks ?? []).filter(fits).sort((one, other) => rank(one) - rank(other));
}

/** Return the trucks that are due now or soon. */
export function dueSoon(list: ExpectedList | undefined, at: number): Truck[] {
  return (list?.trucks ?? []).filter((one) => one.to >= at && one.from <= at + SOON_S);
}
