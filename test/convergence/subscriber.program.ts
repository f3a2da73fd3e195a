/** A subscriber in a process of its own, which does what its parent asks. */
import type { Answer, Question } from './child-subscriber.ts';
import { LocalSubscriber } from './subscriber.ts';

const subscriber = new LocalSubscriber();

process.on('message', async ({ id, method, args }: Question) => {
  const answer = (given: Partial<Answer>): boolean | undefined => process.send?.({ id, ...given });
  try {
    answer({ result: await Reflect.apply(subscriber[method], subscriber, args) });
  } catch (error) {
    answer({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
process.on('disconnect', () => process.exit());
