/** What one check found, a row of the table in docs/results.md. */
export interface TrustRow {
  readonly check: string;
  /** What was tried, with its number. */
  readonly tried: string;
  readonly outcome: string;
  /** Descriptions of what must not have happened; empty when all is well. */
  readonly faults: readonly string[];
}

/** The rows as a Markdown table; faults follow below it. */
export function tableOfRows(rows: readonly TrustRow[]): string {
  const lines = rows.map(
    ({ check, tried, outcome, faults }) => `| ${check} | ${tried} | ${outcome} | ${faults.length} |`,
  );
  const faults = rows.flatMap(({ check, faults: found }) => found.map((fault) => `${check}: ${fault}`));
  return ['| check | tried | outcome | faults |', '|---|---|---|---|', ...lines, ...faults].join('\n');
}

/** Counts of what happened, in the order of first appearance: '3 refused, 2 equal'. */
export function countsOf(outcomes: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const outcome of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].map(([outcome, count]) => `${count.toLocaleString('en')} ${outcome}`).join(', ');
}
