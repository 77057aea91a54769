/** One of the things `petrichor` can do. */
export interface Command {
  /** Shown by `--help`. */
  readonly help: string;
  /** Runs it on what follows its name; resolves with the exit status. Rejects with an Error whose message is for people. */
  run(args: readonly string[]): Promise<number>;
}

/** What was asked for cannot be understood; the message says what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
