import { checkModel, ScenarioError, type ServiceModel } from '@primetrade/scaling-simulate';
import type { Resources } from '@primetrade/scaling-cost';
import { Fields, isMapping, parsedFile } from '../fields.js';
import { CommandError, type Io } from '../io.js';
import { isLoadReport, loadCurveOf } from '../load-report.js';

const MEBIBYTE = 1024 ** 2;

/** How a pod behaves and what it requests. */
export interface PodModel {
  /** Where the figures come from. */
  source: string;
  model: ServiceModel;
  request: Resources;
}

/** A pod within the chart's limit of half a core, for who has no measurement: a guess, and said to be. */
export const ASSUMED_POD: PodModel = {
  source: 'assumed, not measured: --model takes a load report or figures of your own',
  model: {
    points: [
      { rate: 100, p95: 0.02 },
      { rate: 200, p95: 0.05 },
      { rate: 250, p95: 0.15 },
    ],
    cpu: { idle: 15, perRequest: 1.9 },
    memory: { idle: 130 * MEBIBYTE, perRequest: 0.1 * MEBIBYTE },
    start: { schedule: 3, boot: 4, readiness: 5 },
    timeout: 10,
  },
  request: { cpu: 250, memory: 256 * MEBIBYTE },
};

/**
 * A pod from figures in YAML (docs/advisor.md has the fields), or from what `primetrade load --json`
 * has measured on one.
 *
 * @throws CommandError that names the field which is wrong
 */
export async function podModelOf(path: string, io: Io): Promise<PodModel> {
  const parsed = await parsedFile(path, io);
  if (!isMapping(parsed)) throw new CommandError(`${path}: not a mapping`);
  const pod = isLoadReport(parsed)
    ? measured(parsed, path)
    : written(new Fields(parsed, path), path);
  try {
    checkModel(pod.model);
  } catch (error) {
    if (error instanceof ScenarioError) throw new CommandError(`${path}: ${error.message}`);
    throw error;
  }
  return pod;
}

function measured(parsed: Record<string, unknown>, path: string): PodModel {
  const { points, cpu, memory } = loadCurveOf(parsed, path);
  return {
    source: `measured: ${path}`,
    model: {
      ...ASSUMED_POD.model,
      points,
      cpu: cpu ?? ASSUMED_POD.model.cpu,
      memory: memory === null ? ASSUMED_POD.model.memory : { idle: memory, perRequest: 0 },
    },
    request: ASSUMED_POD.request,
  };
}

function written(fields: Fields, path: string): PodModel {
  const points = fields.list('points').map((point) => {
    const read = {
      rate: point.number('rate'),
      p95: point.seconds('p95'),
      ...(point.has('mean') && { mean: point.seconds('mean') }),
    };
    point.finish();
    return read;
  });
  const cpu = fields.mapping('cpu');
  const model: ServiceModel = {
    points,
    cpu: { idle: cpu.milli('idle'), perRequest: cpu.number('perRequest') },
    memory: ASSUMED_POD.model.memory,
    start: ASSUMED_POD.model.start,
    timeout: fields.has('timeout') ? fields.seconds('timeout') : ASSUMED_POD.model.timeout,
  };
  cpu.finish();
  if (fields.has('memory')) {
    const memory = fields.mapping('memory');
    model.memory = {
      idle: memory.milli('idle') / 1000,
      perRequest: memory.has('perRequest') ? memory.milli('perRequest') / 1000 : 0,
    };
    memory.finish();
  }
  if (fields.has('start')) {
    const start = fields.mapping('start');
    model.start = {
      schedule: start.seconds('schedule'),
      boot: start.seconds('boot'),
      readiness: start.seconds('readiness'),
    };
    start.finish();
  }
  let { request } = ASSUMED_POD;
  if (fields.has('request')) {
    const given = fields.mapping('request');
    request = { cpu: given.milli('cpu'), memory: given.milli('memory') / 1000 };
    given.finish();
  }
  fields.finish();
  return { source: path, model, request };
}
