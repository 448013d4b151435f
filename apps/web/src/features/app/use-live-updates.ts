'use client';

import type { ChangeEvent } from '@primetrade/contracts';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { renewToken } from '../../lib/api/session';
import { followChanges, type LiveStatus } from '../../lib/live';
import { hasPendingWrites } from '../../lib/pending-writes';
import { queryKeys } from '../../lib/query-keys';
import { readAgain } from '../../lib/read-again';

/** A first event is acted on at once; of a burst (an import, a bulk change) the rest is gathered. */
const GATHER_MS = 300;

const CONCERNED: Record<ChangeEvent['type'], readonly (readonly string[])[]> = {
  'tasks.changed': [queryKeys.tasks, queryKeys.labels],
  'projects.changed': [queryKeys.projects, queryKeys.tasks],
  'labels.changed': [queryKeys.labels, queryKeys.tasks],
  'profile.changed': [queryKeys.profile],
  'import.progress': [['imports']],
  'session.revoked': [queryKeys.sessions],
};

/** Reads again what an event concerns. */
function invalidator(client: QueryClient) {
  const waiting = new Set<readonly string[]>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastRun = Number.NEGATIVE_INFINITY;
  const run = () => {
    timer = undefined;
    lastRun = performance.now();
    for (const queryKey of waiting) {
      // The last write under way reads the tasks again itself.
      if (queryKey !== queryKeys.tasks || !hasPendingWrites()) {
        void readAgain(client, queryKey);
      }
    }
    waiting.clear();
  };
  return {
    add(type: ChangeEvent['type']) {
      for (const key of CONCERNED[type]) waiting.add(key);
      timer ??= setTimeout(run, Math.max(0, lastRun + GATHER_MS - performance.now()));
    },
    stop: () => clearTimeout(timer),
  };
}

/**
 * Keeps everything shown up to date with changes made elsewhere.
 *
 * @returns whether changes arrive at the moment
 */
export function useLiveUpdates(userId: string): LiveStatus {
  const client = useQueryClient();
  const [status, setStatus] = useState<LiveStatus>('live');
  useEffect(() => {
    const changes = invalidator(client);
    const stop = followChanges({
      userId,
      onEvent: (event) => {
        changes.add(event.type);
        // It may be this one; renewing finds out, and signs out if so.
        if (event.type === 'session.revoked') renewToken().catch(() => undefined);
      },
      onGap: () => void readAgain(client),
      onStart: () => void readAgain(client, queryKeys.taskLists),
      onStatus: setStatus,
    });
    return () => {
      stop();
      changes.stop();
    };
  }, [client, userId]);
  return status;
}
