import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Outcome } from './model.ts';
import type { HandleView } from './model-handle.ts';
import type { Heard, Opening, Place, Subscriber } from './subscriber.ts';

export interface Question {
  readonly id: number;
  readonly method: keyof Subscriber;
  readonly args: readonly unknown[];
}

export interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly failure?: string;
}

const PROGRAM = fileURLToPath(new URL('subscriber.program.ts', import.meta.url));

/** In a process of its own, which can be stopped. */
export class ChildSubscriber implements Subscriber, AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #asked = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #end = () => this.#child.kill('SIGKILL');
  #questions = 0;

  constructor() {
    this.#child = fork(PROGRAM, { serialization: 'advanced' });
    this.#child.on('message', (answer: Answer) => this.#answered(answer));
    this.#child.on('exit', (code, signal) => this.#ended(`${code ?? signal}`));
    // One that is stopped would not see that its parent is gone.
    process.on('exit', this.#end);
  }

  pause(): void {
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  start(place: Place): Promise<void> {
    return this.#ask('start', place);
  }

  open(opening: Opening): Promise<Outcome<number>> {
    return this.#ask('open', opening);
  }

  pull(key: number, version?: number): Promise<Outcome<number>> {
    return this.#ask('pull', key, version);
  }

  step(key: number, by: 1 | -1): Promise<Outcome<number>> {
    return this.#ask('step', key, by);
  }

  moveAll(key: number, version: number): Promise<Outcome<undefined>> {
    return this.#ask('moveAll', key, version);
  }

  rollback(key: number): Promise<Outcome<number>> {
    return this.#ask('rollback', key);
  }

  setAlias(name: string, alias: string, version: number): Promise<Outcome<undefined>> {
    return this.#ask('setAlias', name, alias, version);
  }

  pushSource(name: string, source: string, updateExisting: boolean): Promise<Outcome<number>> {
    return this.#ask('pushSource', name, source, updateExisting);
  }

  release(key: number): Promise<void> {
    return this.#ask('release', key);
  }

  views(): Promise<(readonly [key: number, view: HandleView])[]> {
    return this.#ask('views');
  }

  heard(): Promise<Heard> {
    return this.#ask('heard');
  }

  stop(): Promise<void> {
    return this.#ask('stop');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off('exit', this.#end);
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  #ask<T>(method: keyof Subscriber, ...args: unknown[]): Promise<T> {
    this.#questions += 1;
    const question = { id: this.#questions, method, args };
    const asked = Promise.withResolvers<unknown>();
    this.#asked.set(question.id, asked);
    this.#child.send(question);
    return asked.promise as Promise<T>;
  }

  #answered({ id, result, failure }: Answer): void {
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    if (failure === undefined) asked?.resolve(result);
    else asked?.reject(new Error(`in the subscriber's process: ${failure}`));
  }

  #ended(how: string): void {
    for (const asked of this.#asked.values()) {
      asked.reject(new Error(`the subscriber's process ended with ${how}`));
    }
    this.#asked.clear();
  }
}
