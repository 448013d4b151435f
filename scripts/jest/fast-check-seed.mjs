import fc from 'fast-check';

// The same examples in every run: what passes here passes there. FAST_CHECK_SEED tries others.
fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 1) });
