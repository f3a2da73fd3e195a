import type { Command } from 'commander';
import { decodeArtifact } from '../../src/registry/artifact-blob.ts';
import { capturedLines } from '../push-report.ts';
import { resolveVersion, standing, withRegistry } from '../registry-access.ts';
import { type CommonOptions, registryCommand } from '../registry-command.ts';

export function addShow(program: Command): void {
  registryCommand(program, 'show <reference>', 'show a version and its source')
    .addHelpText('after', '\nExamples:\n  scatter show price\n  scatter show price@3 --json')
    .action((reference: string, options: CommonOptions) =>
      withRegistry(options, async (registry, output) => {
        const { record, info } = await resolveVersion(registry, reference);
        const blob = await registry.artifact(info.digest);
        const origin = blob && decodeArtifact(blob, info.digest).origin;
        const { source, captured = [] } = origin ?? {};
        const { versions, latest, aliases } = record;
        output.result({ ...info, source, captured, versions, latest, aliases }, [
          `${info.name}@${info.version}  ${info.digest}`,
          `pushed ${info.createdAt.toISOString()} by ${info.author}, ${info.bytes} bytes`,
          ...(info.message === undefined ? [] : [info.message]),
          ...(info.requires.length === 0 ? [] : [`requires ${info.requires.join(', ')}`]),
          `versions: ${standing(record)}`,
          ...capturedLines(captured),
          '',
          source ?? '(its artifact is gone from the registry)',
        ]);
      }),
    );
}
