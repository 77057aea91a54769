/** Work on the one device, one piece at a time, in order. */
export class JobQueue {
  private tail: Promise<unknown> = Promise.resolve();
  private stop = new AbortController();
  private jobs = 0;

  /** Whether a job runs or waits. */
  get isBusy(): boolean {
    return this.jobs > 0;
  }

  /** Runs a job once what is under way has ended; all earlier jobs are aborted, running or waiting. Settles with the job. */
  async replace(job: (stop: AbortSignal) => Promise<void>): Promise<void> {
    this.cancel();
    const stop = new AbortController();
    this.stop = stop;
    this.jobs += 1;
    try {
      await this.append(() => job(stop.signal));
    } finally {
      this.jobs -= 1;
    }
  }

  /** Runs `work` once what is under way has ended; it aborts nothing, and nothing aborts it. Settles with the work. */
  append<Result>(work: () => Promise<Result>): Promise<Result> {
    const running = this.tail.then(work);
    this.tail = running.catch(() => undefined);
    return running;
  }

  /** Aborts all jobs. */
  cancel(): void {
    this.stop.abort();
  }
}
