import { type ChildProcess, fork } from 'node:child_process';
import type { Order, Report } from './reports.ts';

const LONGEST_END_MS = 10_000;

/** One of the other programs of the demo, as a process of its own. */
export class Program {
  readonly name: string;
  readonly reports: Report[] = [];
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;
  #isStopping = false;

  /** `onNews` is called after each report, `onFailed` when the program fails or ends too early. */
  constructor(
    name: string,
    file: URL,
    o: { args: string[]; onNews: () => void; onFailed: (error: Error) => void },
  ) {
    this.name = name;
    this.#process = fork(file, o.args);
    this.#process.on('message', (report: Report) => {
      this.reports.push(report);
      if (report.event === 'failed') o.onFailed(new Error(`${name} failed: ${report.message}`));
      o.onNews();
    });
    this.#process.on('error', (cause) => o.onFailed(new Error(`${name} failed`, { cause })));
    this.#ended = new Promise((resolve) => {
      this.#process.once('exit', (code, signal) => {
        if (code !== 0) o.onFailed(new Error(`${name} ended with ${signal ?? `code ${code}`}`));
        else if (!this.#isStopping) o.onFailed(new Error(`${name} ended too early`));
        resolve();
      });
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** The reports of one kind, oldest first. */
  of<E extends Report['event']>(event: E): Extract<Report, { event: E }>[] {
    return this.reports.filter((report): report is Extract<Report, { event: E }> => {
      return report.event === event;
    });
  }

  order(order: Order): void {
    // A program that is gone has said so by its exit.
    if (this.#process.connected) this.#process.send(order, () => undefined);
  }

  /** Lets it finish its calls and end; one that does not is killed. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.order({ order: 'stop' });
    const deadline = setTimeout(() => this.#process.kill('SIGKILL'), LONGEST_END_MS);
    await this.#ended;
    clearTimeout(deadline);
  }
}
