/**
 * Whether a service is one process, whose memory then is the truth, or may be many, which have to
 * tell each other. The shape decides: standalone is one, services are many.
 */
export type Processes = 'one' | 'many';
