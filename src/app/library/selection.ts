/** Which images of a list are chosen, as file managers do it. Ids that have left the list are simply ignored. */
export interface Selection {
  readonly chosen: ReadonlySet<string>;
  /** Where keyboard and Shift continue from; null before the first touch. */
  readonly active: string | null;
  /** The fixed end of a Shift range. */
  readonly anchor: string | null;
}

export const NOTHING: Selection = { chosen: new Set(), active: null, anchor: null };

/** Only this one. */
export function chooseOne(id: string): Selection {
  return { chosen: new Set([id]), active: id, anchor: id };
}

/** This one in or out, the others as they are. */
export function toggle(selection: Selection, id: string): Selection {
  const chosen = new Set(selection.chosen);
  if (!chosen.delete(id)) chosen.add(id);
  return { chosen, active: id, anchor: id };
}

/** Everything from the anchor to this one. */
export function extendTo(selection: Selection, ids: readonly string[], id: string): Selection {
  const from = ids.indexOf(selection.anchor ?? id);
  const to = ids.indexOf(id);
  if (from < 0 || to < 0) return chooseOne(id);
  return { chosen: new Set(ids.slice(Math.min(from, to), Math.max(from, to) + 1)), active: id, anchor: ids[from]! };
}

export function chooseAll(selection: Selection, ids: readonly string[]): Selection {
  return { ...selection, chosen: new Set(ids) };
}

/** Keys that move through a grid of `columns`, as the index they lead to; null for any other key. */
export function moved(key: string, at: number, count: number, columns: number, page: number): number | null {
  const target = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at - columns,
    ArrowDown: at + columns,
    PageUp: at - page * columns,
    PageDown: at + page * columns,
    Home: 0,
    End: count - 1,
  }[key];
  if (target === undefined) return null;
  const vertical = key === 'ArrowUp' || key === 'ArrowDown';
  if (vertical && (target < 0 || target >= count)) return at;
  return Math.min(count - 1, Math.max(0, target));
}
