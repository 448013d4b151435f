import { Injectable } from '@nestjs/common';
import { SERVICES, type ServiceName } from '@primetrade/contracts';
import type { ApiDocument } from '@primetrade/platform-bootstrap';
import { AppError } from '@primetrade/platform-errors';
import { Upstreams } from '../upstreams/upstreams.js';
import { mergeDocuments } from './merge-documents.js';

/** How long a merged document is kept: services of another version may come. */
const KEPT_MS = 30_000;
const TIMEOUT_MS = 5_000;
const RETRY_AFTER_SECONDS = 5;

/** One document of the whole API, put together from those of the services when somebody asks. */
@Injectable()
export class MergedDocument {
  private kept: { document: ApiDocument; at: number } | undefined;
  private merging: Promise<ApiDocument> | undefined;

  constructor(private readonly upstreams: Upstreams) {}

  /** @throws AppError unavailable when a service does not say what it serves */
  async get(): Promise<ApiDocument> {
    if (this.kept !== undefined && performance.now() - this.kept.at < KEPT_MS) {
      return this.kept.document;
    }
    this.merging ??= this.merge().finally(() => (this.merging = undefined));
    return this.merging;
  }

  private async merge(): Promise<ApiDocument> {
    const documents = await Promise.all(SERVICES.map((service) => this.fetch(service)));
    this.kept = { document: mergeDocuments(documents), at: performance.now() };
    return this.kept.document;
  }

  private async fetch(service: ServiceName): Promise<ApiDocument> {
    try {
      return (await this.upstreams
        .of(service)
        .json('/api/openapi.json', TIMEOUT_MS)) as ApiDocument;
    } catch (error) {
      throw new AppError('unavailable', {
        detail: `The ${service} service does not say at the moment what it serves. Try again in a few seconds.`,
        retryAfter: RETRY_AFTER_SECONDS,
        cause: error,
      });
    }
  }
}
