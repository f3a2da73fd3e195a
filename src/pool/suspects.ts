import type { Ending } from './ending.ts';

const MINUTE_MS = 60_000;
const PROBATION_MS = 10 * MINUTE_MS;
// Who was running when memory ran out need not be who took it.
const UNSURE_PROBATION_MS = MINUTE_MS;
const LONGEST_PROBATION_MS = 120 * MINUTE_MS;
const QUARANTINE_MS = 2 * MINUTE_MS;
const LONGEST_QUARANTINE_MS = 64 * MINUTE_MS;
const KILLS_TO_QUARANTINE = 2;
const BLAMELESS: readonly Ending[] = ['killed', 'silent'];
// After so long without trouble, it is as if there had been none.
const FORGIVE_MS = 120 * MINUTE_MS;
const MAX_REMEMBERED = 10_000;

/** How a function stands: `suspect` runs apart from others, `quarantined` does not run. */
export type Standing = 'clear' | 'suspect' | 'quarantined';

/** A function that is not clear, as `stats()` shows it. */
export interface SuspectStats {
  readonly function: string;
  /** How often it ended the executor that suspects run in. */
  readonly kills: number;
  /** Until when no call of it is taken. */
  readonly quarantinedUntil?: Date;
}

interface Suspect {
  incident: number;
  incidents: number;
  kills: number;
  quarantines: number;
  suspectUntil: number;
  quarantinedUntil: number;
}

/**
 * What is held against functions whose executor ended, by their names: a new version changes nothing. After
 * the first time a function is a suspect and runs apart, where blame is exact; the second time there
 * puts it into quarantine, for twice as long each time.
 */
export class Suspects {
  readonly #byName = new Map<string, Suspect>();
  readonly #now: () => number;
  #incidents = 0;

  /** @param now clock in ms that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  standing(name: string): Standing {
    // Asked for each call, and there is nobody nearly always.
    if (this.#byName.size === 0) return 'clear';
    const suspect = this.#byName.get(name);
    if (suspect === undefined) return 'clear';
    const now = this.#now();
    if (now < suspect.quarantinedUntil) return 'quarantined';
    return now < suspect.suspectUntil ? 'suspect' : 'clear';
  }

  /** How long calls of `name` will be refused from now on, ms. */
  quarantineMs(name: string): number {
    return Math.max(0, (this.#byName.get(name)?.quarantinedUntil ?? 0) - this.#now());
  }

  /** The executor that all share has ended while `names` were running in it. */
  sharedEnded(ending: Ending, names: readonly string[]): void {
    if (BLAMELESS.includes(ending)) return;
    this.#incidents += 1;
    const first = ending === 'memory' ? UNSURE_PROBATION_MS : PROBATION_MS;
    for (const name of new Set(names)) {
      const suspect = this.#remember(name);
      suspect.incident = this.#incidents;
      suspect.incidents += 1;
      suspect.kills = this.standing(name) === 'clear' ? 0 : suspect.kills;
      this.#putOnProbation(suspect, first);
    }
  }

  /** The executor that suspects run in has ended while `names` were running in it. */
  apartEnded(ending: Ending, names: readonly string[]): void {
    if (BLAMELESS.includes(ending)) return;
    for (const name of new Set(names)) {
      const suspect = this.#remember(name);
      suspect.kills += 1;
      this.#releaseOthers(suspect);
      if (suspect.kills >= KILLS_TO_QUARANTINE) this.#quarantine(suspect);
      this.#putOnProbation(suspect, PROBATION_MS);
    }
  }

  list(): SuspectStats[] {
    const names = [...this.#byName].filter(([name]) => this.standing(name) !== 'clear');
    return names.map(([name, { kills }]) => {
      const left = this.quarantineMs(name);
      if (left === 0) return { function: name, kills };
      return { function: name, kills, quarantinedUntil: new Date(Date.now() + left) };
    });
  }

  #remember(name: string): Suspect {
    const found = this.#byName.get(name);
    const known = found !== undefined && this.#now() < found.suspectUntil + FORGIVE_MS;
    const suspect = known
      ? found
      : {
          incident: 0,
          incidents: 0,
          kills: 0,
          quarantines: 0,
          suspectUntil: 0,
          quarantinedUntil: 0,
        };
    // Goes to the end: who did nothing for longest is forgotten first.
    this.#byName.delete(name);
    this.#byName.set(name, suspect);
    if (this.#byName.size > MAX_REMEMBERED) {
      const [oldest] = this.#byName.keys();
      if (oldest !== undefined) this.#byName.delete(oldest);
    }
    return suspect;
  }

  #putOnProbation(suspect: Suspect, first: number): void {
    const times = 2 ** Math.max(0, suspect.incidents - 1);
    const from = Math.max(this.#now(), suspect.quarantinedUntil);
    const until = from + Math.min(first * times, LONGEST_PROBATION_MS);
    suspect.suspectUntil = Math.max(suspect.suspectUntil, until);
  }

  #quarantine(suspect: Suspect): void {
    const ms = Math.min(QUARANTINE_MS * 2 ** suspect.quarantines, LONGEST_QUARANTINE_MS);
    suspect.quarantines += 1;
    suspect.quarantinedUntil = this.#now() + ms;
  }

  /** Who was suspected for the same end only because it was running, too. */
  #releaseOthers(culprit: Suspect): void {
    for (const other of this.#byName.values()) {
      const isWitness = other !== culprit && other.incident === culprit.incident;
      if (isWitness && other.kills === 0) other.suspectUntil = this.#now();
    }
  }
}
