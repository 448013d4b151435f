import type { HpaSpec } from '@primetrade/scaling-hpa';
import {
  compare,
  dollarsOf,
  nodesOfStage,
  type Scenario,
  ScenarioError,
  simulate,
} from '@primetrade/scaling-simulate';
import { CommandError, EXIT, type ExitCode, type Io } from '../io.js';
import { priceBookOf, stageOf } from '../price-book.js';
import { ASSUMED_POD, podModelOf } from '../simulate/model.js';
import { renderRuns, type Run } from '../simulate/render.js';
import { CHART_SPEC, specOf } from '../simulate/spec.js';
import { workloadOf, type WorkloadOptions } from '../simulate/workload.js';

export interface SimulateOptions extends WorkloadOptions {
  spec?: string;
  compare?: string;
  model?: string;
  slo: number;
  nodes: { min: number; max: number };
  provision: number;
  phase: number;
  book?: string;
  json?: boolean;
}

/** The autoscaler's sync period. */
const STEP = 15;
/** Cluster autoscalers remove a node after ten minutes unless a flag says otherwise. */
const NODE_IDLE = 600;

/** Lets a workload meet an autoscaler, or two of them, and shows what would happen. */
export async function runSimulation(options: SimulateOptions, io: Io): Promise<ExitCode> {
  const workload = await workloadOf(options, STEP, io);
  const pod = options.model === undefined ? ASSUMED_POD : await podModelOf(options.model, io);
  const book = await priceBookOf(options.book, io);
  const stage = stageOf(book, options.phase);
  const specs: [string, HpaSpec][] = [
    options.spec === undefined
      ? ['chart’s default', CHART_SPEC]
      : [options.spec, await specOf(options.spec, io)],
  ];
  if (options.compare !== undefined) {
    specs.push([options.compare, await specOf(options.compare, io)]);
  }
  const { nodes, provision } = options;
  const runs = specs.map(([name, hpa]): Run => {
    const scenario: Scenario = {
      step: STEP,
      nodes: nodesOfStage(stage, { ...nodes, provision, idle: NODE_IDLE }),
      services: [
        {
          name: 'service',
          workload: workload.rates,
          model: pod.model,
          request: pod.request,
          hpa,
          slo: options.slo,
        },
      ],
    };
    try {
      const simulation = simulate(scenario);
      return { name, simulation, dollars: dollarsOf(scenario, simulation, stage) };
    } catch (error) {
      if (error instanceof ScenarioError || error instanceof RangeError) {
        throw new CommandError(`${name}: ${error.message}`);
      }
      throw error;
    }
  });
  const { date, currency } = book;
  if (options.json)
    io.write(`${JSON.stringify(asData(runs, workload, date, currency), null, 2)}\n`);
  else {
    const { slo, phase } = options;
    const prices = { date, currency };
    io.write(renderRuns(runs, { workload, source: pod.source, slo, step: STEP, phase, prices }));
  }
  return EXIT.done;
}

function asData(
  runs: readonly Run[],
  workload: { title: string; rates: Float64Array },
  date: string,
  currency: string,
): object {
  const [one, other] = runs;
  return {
    workload: workload.title,
    step: STEP,
    requestsPerSecond: [...workload.rates],
    prices: { date, currency },
    runs: runs.map(({ name, simulation: { services, nodes, hours }, dollars }) => {
      const { course, name: _, ...figures } = services[0]!;
      return {
        name,
        hours,
        ...figures,
        nodes: nodes && { min: nodes.min, mean: nodes.mean, max: nodes.max, hours: nodes.hours },
        dollars,
        course: {
          replicas: [...course.replicas],
          ready: [...course.ready],
          p95: [...course.p95],
          failed: [...course.failed],
          nodes: nodes && [...nodes.course],
        },
      };
    }),
    ...(other && { difference: compare(one!.simulation, other.simulation)[0] }),
  };
}
