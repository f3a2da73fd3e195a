/** A push whose connection breaks at any byte is wholly there or wholly not, and is done once. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openRegistry } from '../../src/registry/open.ts';
import type { PushRequest, Registry } from '../../src/registry/registry.ts';
import { item, request } from '../contract/push-requests.ts';
import { startProxy, type TcpProxy } from '../redis/servers/proxy.ts';
import type { Bytes } from '../redis/servers/proxy-link.ts';
import { type RedisServer, startRedis } from '../redis/servers/server.ts';

type Direction = keyof Bytes;

/** Writers that are cut at the same time, each with a namespace of its own: most of it is waiting. */
const LANES = 8;

/** Up to here, and this far from the end, at every byte. */
const DENSE = 130;

/** Whether the long tests were asked for: then at every byte. */
const IS_LONG = process.env['SCATTER_MODEL_RUNS'] !== undefined;

const server = await startRedis();
after(() => server.stop());

for (const direction of ['toServer', 'toClient'] as const) {
  test(`a push that is cut at any byte ${direction} is done once, and wholly`, async (t) => {
    const points = pointsIn(await lengthOfPush(direction), IS_LONG ? 1 : 5);
    t.diagnostic(`${points.length} cuts: ${await cutEverywhere(direction, points)}`);
  });
}

test('a push that has to bring its script is cut at any byte, too', async (t) => {
  const forget = async () => {
    await server.command('SCRIPT', 'FLUSH');
  };
  const points = pointsIn(await lengthOfPush('toServer', forget), IS_LONG ? 1 : 40).slice(DENSE);
  t.diagnostic(`${points.length} cuts: ${await cutEverywhere('toServer', points, forget)}`);
});

/** Answers how many were there when their answer was lost. */
async function cutEverywhere(
  direction: Direction,
  points: readonly number[],
  prepare?: () => Promise<void>,
): Promise<string> {
  const shares = Array.from({ length: LANES }, (_, lane) =>
    points.filter((_, index) => index % LANES === lane),
  );
  let written = 0;
  const cuts = shares.map(async (own) => {
    lanes += 1;
    await using writer = await openLane(server, `lane-${lanes}`);
    for (const [round, bytes] of own.entries()) {
      await prepare?.();
      if (await cutOnce(writer, { direction, bytes, round })) written += 1;
    }
    await checkWhole(writer.observer, own.length);
  });
  await Promise.all(cuts);
  return `${written} pushes were there when the connection broke, ${points.length - written} not`;
}

/** Each has a namespace of its own. */
let lanes = 0;

interface Lane extends AsyncDisposable {
  readonly proxy: TcpProxy;
  readonly writer: Registry;
  readonly observer: Registry;
}

/** Whether the push was there when the connection broke. */
async function cutOnce(
  { proxy, writer, observer }: Lane,
  { direction, bytes, round }: { direction: Direction; bytes: number; round: number },
): Promise<boolean> {
  // Connects again after the last cut.
  await writer.head();
  const isCut = proxy.cutAfter({ [direction]: bytes });
  const push = pushOf(round);
  const pushing = writer.push(push);
  await Promise.race([isCut, pushing]);
  const [first, second] = await observer.list();
  const done = second?.latestVersion ?? 0;
  assert.equal(
    first?.latestVersion ?? 0,
    2 * done,
    `after ${bytes} bytes ${direction}, all or none`,
  );
  const made = await pushing;
  const numbers = made.map(({ version }) => version);
  assert.deepEqual(numbers, [2 * round + 1, 2 * round + 2, round + 1]);
  await proxy.heal();
  assert.deepEqual(await observer.push(push), made, 'the same id gives the same versions');
  return done === round + 1;
}

/** No number is missing or was given twice, no write was counted twice. */
async function checkWhole(observer: Registry, rounds: number): Promise<void> {
  for (const name of ['first', 'second']) {
    const items = Array.from({ length: rounds }, (_, round) => pushOf(round).items).flat();
    const expected = items.filter((one) => one.name === name).map(({ digest }) => digest);
    const stored = (await observer.versions(name)).reverse();
    assert.deepEqual(
      stored.map(({ version, digest }) => ({ version, digest })),
      expected.map((digest, index) => ({ version: index + 1, digest })),
    );
  }
  assert.equal((await observer.head()).epoch, rounds);
  assert.equal((await observer.log({ limit: 3 * rounds })).length, 2 * rounds);
}

/** Done twice it would make more versions: its first content is not what it leaves as the latest. */
function pushOf(round: number): PushRequest {
  const items = [
    item('first', `content ${round}`),
    item('first', `later content ${round}`),
    item('second', `content ${round}`),
  ];
  return request(items, { id: `push ${round}` });
}

/** How many bytes an undisturbed push sends or receives. */
async function lengthOfPush(
  direction: Direction,
  prepare: () => Promise<void> = async () => undefined,
): Promise<number> {
  lanes += 1;
  await using lane = await openLane(server, `lane-${lanes}`);
  await lane.writer.push(pushOf(0));
  await prepare();
  lane.proxy.resetBytes();
  await lane.writer.push(pushOf(1));
  return lane.proxy.bytes[direction];
}

/** All near the beginning and the end, and some between; a little more, as later pushes are longer. */
function pointsIn(length: number, step: number): number[] {
  const points = Array.from({ length: length + 60 }, (_, point) => point);
  return points.filter((point) => point < DENSE || point > length - DENSE || point % step === 0);
}

async function openLane({ port, url }: RedisServer, namespace: string): Promise<Lane> {
  await using opened = new AsyncDisposableStack();
  const proxy = opened.use(await startProxy({ port }));
  const writer = opened.adopt(await openRegistry(proxy.url, namespace), (one) => one.close());
  const observer = opened.adopt(await openRegistry(url, namespace), (one) => one.close());
  const all = opened.move();
  return { proxy, writer, observer, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
