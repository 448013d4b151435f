export { FeatureHostModule, type FeatureHostOptions } from './feature-host.module.js';
