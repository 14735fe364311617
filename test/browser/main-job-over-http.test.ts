import { describeMainJob } from './main-job.ts';

describeMainJob('the main job in a browser, over signed HTTP', { socket: false });
